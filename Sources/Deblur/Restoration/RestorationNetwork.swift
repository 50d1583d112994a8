/// The sharp middle frame from three aligned blurred ones: feature extraction, pyramid pooling, attention,
/// reconstruction (the paper's third step: SRN-DeblurNet, Tao et al., CVPR 2018, at a single scale and without
/// ConvLSTM, with PPM and CBAM in between).
struct RestorationNetwork: Sendable {
  let config: ModelConfig.Restoration
  let encoder: [EncoderBlock]  // [H/u, W/u, C₀], [H/2u, W/2u, C₁], [H/4u, W/4u, C₂]
  let pooling: PyramidPooling?  // [H/4u, W/4u, 2C₂]
  let attention: BlockAttention?  // the same
  let project: Conv2d?  // [H/4u, W/4u, C₂]
  let decoder: [DecoderBlock]  // [H/2u, W/2u, C₁], [H/u, W/u, C₀]
  let blocks: ResidualBlocks  // [H/u, W/u, C₀]
  let output: Conv2d  // [H/u, W/u, 3u²]

  init(_ weights: Weights, _ config: ModelConfig.Restoration, frames: Int, slope: Float) throws(WeightsError) {
    let activation = Activation.leakyReLU(slope: slope)
    let (c0, c1, c2) = (config.widths[0], config.widths[1], config.widths[2])
    let subpixels = config.unshuffle * config.unshuffle
    let inputs = (3 * frames + 2 * (config.pathSamples + config.bendSamples)) * subpixels + (config.flowInput ? 4 : 0)

    let encoder = weights["encoder"]
    self.encoder = [
      try EncoderBlock(encoder[0], from: inputs, to: c0, stride: 1, config, activation: activation),
      try EncoderBlock(encoder[1], from: c0, to: c1, stride: 2, config, activation: activation),
      try EncoderBlock(encoder[2], from: c1, to: c2, stride: 2, config, activation: activation),
    ]
    pooling = config.ppm ? try PyramidPooling(weights["ppm"], width: c2, activation: activation) : nil
    let attended = config.ppm ? 2 * c2 : c2
    attention = config.cbam ? try BlockAttention(weights["cbam"], width: attended, ratio: config.cbamRatio) : nil
    project = config.ppm ? try Conv2d(weights["project"], from: attended, to: c2, kernel: 1) : nil
    let decoder = weights["decoder"]
    self.decoder = [
      try DecoderBlock(decoder[0], from: c2, to: c1, config, activation: activation),
      try DecoderBlock(decoder[1], from: c1, to: c0, config, activation: activation),
    ]
    blocks = try ResidualBlocks(
      decoder[2]["blocks"], count: config.blocks, width: c0, kernel: config.kernel, activation: activation)
    output = try Conv2d(weights["output"], from: c0, to: 3 * subpixels, kernel: config.kernel)
    self.config = config
  }

  /// - Returns: what has to be added to the middle frame, [H, W, 3].
  func callAsFunction(_ input: consuming RestorationInput) -> Tensor {
    // Every tensor is given up at its last use: an activation of this size is large.
    let e0 = encoder[0](consume input)
    let e1 = encoder[1](e0)
    let f = between(encoder[2](e1))
    let d1 = decoder[0](consume f, adding: consume e1)
    let d0 = decoder[1](consume d1, adding: consume e0)
    return pixelShuffle(output(blocks(consume d0)), factor: config.unshuffle)
  }

  /// PPM, CBAM and projection, as far as configured: [H/4u, W/4u, C₂] → the same.
  private func between(_ x: consuming Tensor) -> Tensor {
    var x = x
    if let pooling { x = Profile.measure("ppm") { pooling(x) } }
    if let attention { x = Profile.measure("cbam") { attention(x) } }
    if let project { x = project(x) }
    return x
  }
}
