internal import CKernels

/// `out[(dy+r)(2r+1)+(dx+r)](y, x) = mean_c a(y, x, c)·b(y+dy, x+dx, c)`, zero outside; then LeakyReLU if `slope`.
///
/// `a`, `b`: `[H, W, C]`; result: `[H, W, (2r+1)²]`. Source: PWC-Net, section 3, "Cost volume layer".
func costVolume(_ a: Tensor, _ b: Tensor, radius: Int, slope: Float? = nil) -> Tensor {
  precondition(a.shape == b.shape && radius <= 8, "cost volume of \(a.shape) and \(b.shape), radius \(radius)")
  let out = Tensor(a.height, a.width, (2 * radius + 1) * (2 * radius + 1))
  let kernels = InstructionSet.current.kernels
  let (left, right, to) = (a.view, b.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.cost_volume(left, right, to, Int32(radius), slope ?? 1, $0, $1) }
  return out
}
