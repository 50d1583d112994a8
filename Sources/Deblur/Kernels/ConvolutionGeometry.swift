/// The integers of a convolution: zero-padded by `dilation * (kernel - 1) / 2` on every side.
struct ConvolutionGeometry: Hashable, Sendable {
  /// I, the channels of the input.
  let inputChannels: Int
  /// O, the channels of the output.
  let outputChannels: Int
  /// Side of the square kernel, odd.
  let kernel: Int
  /// Input pixels from one output pixel to the next.
  let stride: Int
  /// Input pixels from one tap of the kernel to the next.
  let dilation: Int

  var padding: Int { dilation * (kernel - 1) / 2 }

  /// Side of the output for a side of the input.
  func outputSide(_ side: Int) -> Int {
    (side + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
  }

  /// Multiply-accumulates of the direct algorithm for one output pixel.
  var multiplyAccumulatesPerOutputPixel: Int { kernel * kernel * inputChannels * outputChannels }
}
