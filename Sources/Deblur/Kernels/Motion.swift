internal import CKernels

/// Backward bilinear warp: `out(x, y) = image(x + u, y + v)`, positions clamped to the border.
///
/// `image`: `[H, W, C]`; `flow`: `[H, W, 2]`, u to the right and v downwards in pixels.
/// Source: PWC-Net (Sun et al., CVPR 2018), section 3, "Warping layer".
public func warp(_ image: Tensor, by flow: Tensor) -> Tensor {
  precondition(
    flow.height == image.height && flow.width == image.width && flow.channels == 2,
    "warp of \(image.shape) by a flow \(flow.shape)")
  let out = Tensor(shape: image.shape)
  let kernels = InstructionSet.current.kernels
  let (from, motion, to) = (image.view, flow.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.warp(from, motion, to, $0, $1) }
  return out
}

/// `out[(dy+r)(2r+1)+(dx+r)](y, x) = mean_c a(y, x, c)·b(y+dy, x+dx, c)`, zero outside; then LeakyReLU if `slope`.
///
/// `a`, `b`: `[H, W, C]`; result: `[H, W, (2r+1)²]`. Source: PWC-Net, section 3, "Cost volume layer".
public func costVolume(_ a: Tensor, _ b: Tensor, radius: Int, slope: Float? = nil) -> Tensor {
  precondition(a.shape == b.shape, "cost volume of \(a.shape) and \(b.shape)")
  let out = Tensor(a.height, a.width, (2 * radius + 1) * (2 * radius + 1))
  let kernels = InstructionSet.current.kernels
  let (left, right, to) = (a.view, b.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.cost_volume(left, right, to, Int32(radius), slope ?? 1, $0, $1) }
  return out
}
