/// One block of the feature extraction (the paper's encoder, after SRN-DeblurNet, Tao et al., CVPR 2018): a
/// convolution, which halves the size from the second block on, and residual blocks.
struct EncoderBlock: Sendable {
  let convolution: Conv2d  // [⌈H/stride⌉, ⌈W/stride⌉, C]
  let blocks: ResidualBlocks  // the same
  let activation: Activation

  init(
    _ weights: Weights, from inputs: Int, to outputs: Int, stride: Int, _ config: ModelConfig.Restoration,
    activation: Activation
  ) throws(WeightsError) {
    convolution = try Conv2d(weights["convolution"], from: inputs, to: outputs, kernel: config.kernel, stride: stride)
    blocks = try ResidualBlocks(
      weights["blocks"], count: config.blocks, width: outputs, kernel: config.kernel, activation: activation)
    self.activation = activation
  }

  /// [H, W, inputs] → [⌈H/stride⌉, ⌈W/stride⌉, C].
  func callAsFunction(_ x: Tensor) -> Tensor { blocks(convolution(x, activation: activation)) }

  /// The network's input → [H, W, C].
  func callAsFunction(_ input: consuming RestorationInput) -> Tensor {
    var input: RestorationInput? = consume input
    let x = convolution(input!, activation: activation)
    input = nil
    return blocks(consume x)
  }
}
