/// Optical flow f = P(Iᵢ, Iⱼ), the paper's first step: PWC-Net (Sun et al., CVPR 2018), here from the middle frame to
/// a neighbour.
struct FlowNetwork: Sendable {
  let pyramid: FeaturePyramid
  let coarsest: FlowDecoder
  let finer: [FlowDecoder]  // from the second coarsest level down to `finest`
  let context: ContextNetwork
  /// Pixels of the frame a pixel of the finest level.
  let scale: Int

  init(_ weights: Weights, _ config: ModelConfig.Flow, slope: Float) throws(WeightsError) {
    let activation = Activation.leakyReLU(slope: slope)
    pyramid = try FeaturePyramid(weights["pyramid"], config, activation: activation)
    let levels = config.pyramid.count
    coarsest = try FlowDecoder(weights["decoder"][levels - 1], config, level: levels, slope: slope)
    var finer: [FlowDecoder] = []
    for level in (config.finest..<levels).reversed() {
      finer.append(try FlowDecoder(weights["decoder"][level - 1], config, level: level, slope: slope))
    }
    let features = (finer.last ?? coarsest).width
    context = try ContextNetwork(weights["context"], from: features + 2, config, activation: activation)
    self.finer = finer
    scale = config.unshuffle << config.finest
  }

  /// Flow between two frames of which only the feature pyramids are needed, finest level first.
  /// - Returns: [H, W, 2] in pixels of the frame: the point (x, y) of `first` is found at (x + u, y + v) of `second`.
  func callAsFunction(_ first: [Tensor], _ second: [Tensor]) -> Tensor { upsampled(estimate(first, second)) }

  /// The flow at its finest level, [h, w, 2] in pixels of that level.
  func estimate(_ first: [Tensor], _ second: [Tensor]) -> Tensor {
    let levels = Array(zip(first, second).reversed())
    var estimate = coarsest(levels[0].0, levels[0].1, coarser: nil)
    for (decoder, level) in zip(finer, levels.dropFirst()) {
      estimate = decoder(level.0, level.1, coarser: estimate)
    }
    return context(estimate)
  }

  /// Brings an estimate to the size and the pixels of the frame, [H, W, 2].
  func upsampled(_ flow: Tensor) -> Tensor {
    resizeBilinear(flow, height: flow.height * scale, width: flow.width * scale, scale: Float(scale))
  }
}
