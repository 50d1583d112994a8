/// The integers of a convolution: zero-padded by `dilation * (kernel - 1) / 2` on every side.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// I, the channels of the input.
  public let inputChannels: Int
  /// O, the channels of the output.
  public let outputChannels: Int
  /// Side of the square kernel, odd.
  public let kernel: Int
  /// Input pixels from one output pixel to the next.
  public let stride: Int
  /// Input pixels from one tap of the kernel to the next.
  public let dilation: Int

  var padding: Int { dilation * (kernel - 1) / 2 }

  /// Side of the output for a side of the input.
  func outputSide(_ side: Int) -> Int {
    (side + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
  }

  /// Multiply-accumulates of the direct algorithm for one output pixel.
  public var multiplyAccumulatesPerOutputPixel: Int { kernel * kernel * inputChannels * outputChannels }
}
