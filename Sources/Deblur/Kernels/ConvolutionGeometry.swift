/// The integers of a convolution: zero-padded by `dilation * (kernel - 1) / 2` on every side.
public struct ConvolutionGeometry: Hashable, Sendable {
  public let inputChannels: Int
  public let outputChannels: Int
  public let kernel: Int
  public let stride: Int
  public let dilation: Int

  var padding: Int { dilation * (kernel - 1) / 2 }

  /// Side of the output for a side of the input.
  func outputSide(_ side: Int) -> Int {
    (side + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
  }

  /// Multiply-accumulates of the direct algorithm for one output pixel.
  public var multiplyAccumulatesPerOutputPixel: Int { kernel * kernel * inputChannels * outputChannels }
}
