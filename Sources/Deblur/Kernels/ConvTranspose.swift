/// Transposed convolution 4×4, stride 2, padding 1: doubles both sides.
public final class ConvTranspose: Sendable {
  public let inputChannels: Int
  public let outputChannels: Int
  private let weight: [Float]
  private let bias: [Float]

  /// `weight`: `[I, O, 4, 4]` (PyTorch's order); `bias`: `[O]`.
  public init(weight: [Float], bias: [Float], inputChannels: Int, outputChannels: Int) {
    precondition(weight.count == inputChannels * outputChannels * 16 && bias.count == outputChannels)
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.weight = weight
    self.bias = bias
  }

  /// `activation(convTranspose(x) + bias) + skip`; `[H, W, I]` to `[2H, 2W, O]`.
  public func callAsFunction(_ x: Tensor, activation: Activation = .none, adding skip: Tensor? = nil) -> Tensor {
    self([x], activation: activation, adding: skip)
  }

  /// The same on the channels of `parts` one behind the other.
  public func callAsFunction(_ parts: [Tensor], activation: Activation = .none, adding skip: Tensor? = nil) -> Tensor {
    Reference.convTranspose(
      concatenate(parts), weight: weight, bias: bias, outputChannels: outputChannels, activation: activation,
      adding: skip)
  }

  /// Multiply-accumulates of the direct algorithm for one input pixel.
  public var multiplyAccumulatesPerInputPixel: Int { 16 * inputChannels * outputChannels }
}
