internal import CKernels

/// Bilinear resize (PyTorch's `align_corners=False`) to `[height, width, C]`, values multiplied by `scale`.
public func resizeBilinear(_ x: Tensor, height: Int, width: Int, scale: Float = 1) -> Tensor {
  let out = Tensor(height, width, x.channels)
  let kernels = InstructionSet.current.kernels
  let from = x.view, to = out.view
  let strip = Parallel.strip(height)
  Parallel.for((height + strip - 1) / strip, scratch: x.width * x.channels + 3 * width) { index, scratch in
    let first = index * strip
    kernels.pointee.resize(from, to, scale, Int32(first), Int32(min(first + strip, height)), scratch)
  }
  return out
}

/// Mean over `factor × factor` blocks, multiplied by `scale`. Result: `[H/factor, W/factor, C]`.
public func averagePool(_ x: Tensor, factor: Int, scale: Float = 1) -> Tensor {
  let out = Tensor(x.height / factor, x.width / factor, x.channels)
  let kernels = InstructionSet.current.kernels
  let (from, to) = (x.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.average_pool(from, to, Int32(factor), scale, $0, $1) }
  return out
}

/// `out[y, x, c·f² + dy·f + dx] = x[y·f + dy, x·f + dx, c] + offset`. Result: `[H/f, W/f, C·f²]`.
public func pixelUnshuffle(_ x: Tensor, factor: Int, offset: Float = 0) -> Tensor {
  let out = Tensor(x.height / factor, x.width / factor, x.channels * factor * factor)
  let kernels = InstructionSet.current.kernels
  let (from, to) = (x.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.unshuffle(from, to, Int32(factor), offset, $0, $1) }
  return out
}

/// The inverse of `pixelUnshuffle`, plus `residual`. Result: `[H·f, W·f, C/f²]`.
public func pixelShuffle(_ x: Tensor, factor: Int, adding residual: Tensor? = nil) -> Tensor {
  precondition(x.channels % (factor * factor) == 0, "\(x.shape) shuffled by \(factor)")
  let out = Tensor(x.height * factor, x.width * factor, x.channels / (factor * factor))
  precondition(residual == nil || residual!.shape == out.shape, "a residual of another shape")
  let kernels = InstructionSet.current.kernels
  let (from, add, to) = (x.view, residual?.view ?? .none, out.view)
  Parallel.rows(out.height) { kernels.pointee.shuffle(from, add, to, Int32(factor), $0, $1) }
  return out
}
