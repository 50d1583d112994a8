/// A zero-padded convolution read from a weights file; keys `weight` [O, I, k, k] and `bias` [O].
struct Conv2d: Sendable {
  let name: String
  let convolution: Convolution

  init(
    _ weights: Weights, from inputs: Int, to outputs: Int, kernel: Int = 3, stride: Int = 1, dilation: Int = 1
  ) throws(WeightsError) {
    name = weights.name
    convolution = Convolution(
      weight: try weights.get("weight", shape: outputs, inputs, kernel, kernel),
      bias: try weights.get("bias", shape: outputs),
      outputChannels: outputs, inputChannels: inputs, kernel: kernel, stride: stride, dilation: dilation)
  }

  /// `activation(conv(x) + bias) + residual`: [H, W, I] → [⌈H/stride⌉, ⌈W/stride⌉, O].
  func callAsFunction(_ x: Tensor, activation: Activation = .none, adding residual: Tensor? = nil) -> Tensor {
    self([x], activation: activation, adding: residual)
  }

  /// The same on the channels of `parts` one behind the other.
  func callAsFunction(_ parts: [Tensor], activation: Activation = .none, adding residual: Tensor? = nil) -> Tensor {
    Profile.measure(name, multiplyAccumulates: multiplyAccumulates(parts[0])) {
      convolution(parts, activation: activation, adding: residual)
    }
  }

  /// Multiply-accumulates of the direct algorithm on `x`.
  func multiplyAccumulates(_ x: Tensor) -> Int {
    let g = convolution.geometry
    return g.outputSide(x.height) * g.outputSide(x.width) * g.multiplyAccumulatesPerOutputPixel
  }
}
