/// A transposed convolution 4×4, stride 2, padding 1, read from a weights file; keys `weight` [I, O, 4, 4] and `bias`
/// [O].
struct ConvTranspose2d: Sendable {
  let name: String
  let convolution: ConvTranspose

  init(_ weights: Weights, from inputs: Int, to outputs: Int) throws(WeightsError) {
    name = weights.name
    convolution = ConvTranspose(
      weight: try weights.get("weight", shape: inputs, outputs, 4, 4),
      bias: try weights.get("bias", shape: outputs),
      inputChannels: inputs, outputChannels: outputs)
  }

  /// `activation(convTranspose(x) + bias) + skip`: [H, W, I] → [2H, 2W, O]; `parts` are channels one behind the other.
  func callAsFunction(_ parts: [Tensor], activation: Activation = .none, adding skip: Tensor? = nil) -> Tensor {
    let pixels = parts[0].height * parts[0].width
    return Profile.measure(name, multiplyAccumulates: pixels * convolution.multiplyAccumulatesPerInputPixel) {
      convolution(parts, activation: activation, adding: skip)
    }
  }
}
