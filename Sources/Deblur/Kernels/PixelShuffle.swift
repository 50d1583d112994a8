internal import CKernels

/// `out[y, x, c·f² + dy·f + dx] = x[y·f + dy, x·f + dx, c] + offset`. Result: `[H/f, W/f, C·f²]`.
func pixelUnshuffle(_ x: Tensor, factor: Int, offset: Float = 0) -> Tensor {
  let out = Tensor(x.height / factor, x.width / factor, x.channels * factor * factor)
  let kernels = InstructionSet.current.kernels
  let (from, to) = (x.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.unshuffle(from, to, Int32(factor), offset, $0, $1) }
  return out
}

/// The inverse of `pixelUnshuffle`, plus `residual`. Result: `[H·f, W·f, C/f²]`.
func pixelShuffle(_ x: Tensor, factor: Int, adding residual: Tensor? = nil) -> Tensor {
  precondition(x.channels % (factor * factor) == 0, "\(x.shape) shuffled by \(factor)")
  let out = Tensor(x.height * factor, x.width * factor, x.channels / (factor * factor))
  precondition(residual == nil || residual!.shape == out.shape, "a residual of another shape")
  let kernels = InstructionSet.current.kernels
  let (from, add, to) = (x.view, residual?.view ?? .none, out.view)
  Parallel.rows(out.height) { kernels.pointee.shuffle(from, add, to, Int32(factor), $0, $1) }
  return out
}
