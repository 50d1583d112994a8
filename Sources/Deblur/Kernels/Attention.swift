internal import CKernels

/// Mean and maximum over the channels of `x`, each channel multiplied by `scale` first. Result: `[H, W, 2]`.
///
/// Source: CBAM (Woo et al., ECCV 2018), section 3, spatial attention.
func channelStatistics(_ x: Tensor, scaledBy scale: [Float]? = nil) -> Tensor {
  let weight = scale ?? [Float](repeating: 1, count: x.channels)
  precondition(weight.count == x.channels, "\(weight.count) scales for \(x.shape)")
  let out = Tensor(x.height, x.width, 2)
  let kernels = InstructionSet.current.kernels
  let (from, to) = (x.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.channel_statistics(from, weight, to, $0, $1) }
  return out
}

/// `x · channels[c] · pixels[y, x]`, the two maps of CBAM. `channels`: `[C]`; `pixels`: `[H, W, 1]`.
func applyAttention(_ x: Tensor, channels: [Float], pixels: Tensor) -> Tensor {
  precondition(
    channels.count == x.channels && pixels.shape == Shape(height: x.height, width: x.width, channels: 1),
    "attention maps of \(channels.count) channels and \(pixels.shape) for \(x.shape)")
  let out = Tensor(shape: x.shape)
  let kernels = InstructionSet.current.kernels
  let (from, map, to) = (x.view, pixels.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.apply_attention(from, channels, map, to, $0, $1) }
  return out
}
