/// One block of the reconstruction (the paper's decoder): residual blocks and a transposed convolution to twice the
/// size, to which the encoder's features of that size are added.
struct DecoderBlock: Sendable {
  let blocks: ResidualBlocks  // [H, W, I]
  let upsample: ConvTranspose2d  // [2H, 2W, O]
  let activation: Activation

  init(
    _ weights: Weights, from inputs: Int, to outputs: Int, _ config: ModelConfig.Restoration, activation: Activation
  ) throws(WeightsError) {
    blocks = try ResidualBlocks(
      weights["blocks"], count: config.blocks, width: inputs, kernel: config.kernel, activation: activation)
    upsample = try ConvTranspose2d(weights["upsample"], from: inputs, to: outputs)
    self.activation = activation
  }

  /// [H, W, I] and the encoder's [2H, 2W, O] → [2H, 2W, O].
  func callAsFunction(_ x: consuming Tensor, adding skip: Tensor) -> Tensor {
    upsample([blocks(x)], activation: activation, adding: skip)
  }
}
