internal import CKernels

/// Bilinear resize (PyTorch's `align_corners=False`) to `[height, width, C]`, values multiplied by `scale`.
func resizeBilinear(_ x: Tensor, height: Int, width: Int, scale: Float = 1) -> Tensor {
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
