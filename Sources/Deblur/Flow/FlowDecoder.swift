/// Flow at one pyramid level: warping, cost volume and estimator (PWC-Net, Sun et al., CVPR 2018, section 3).
struct FlowDecoder: Sendable {
  /// What a level hands on.
  struct Estimate {
    /// Pixels of its level: channel 0 to the right, channel 1 down.
    let flow: Tensor  // [h, w, 2]
    /// Features behind the flow, channels one behind the other: at the finest level as they are, else brought to the
    /// next finer level.
    let features: [Tensor]  // [h, w, width] or [2h, 2w, 2]
  }

  let name: String
  let radius: Int
  let slope: Float
  let dense: Bool
  let convolutions: [Conv2d]  // [h, w, decoder[j]]
  let predict: Conv2d  // [h, w, 2]
  /// Brings the features to the next finer level; the finest level has none.
  let upfeat: ConvTranspose2d?  // [2h, 2w, 2]
  /// Channels of the features that the flow is predicted from.
  let width: Int

  init(_ weights: Weights, _ config: ModelConfig.Flow, level: Int, slope: Float) throws(WeightsError) {
    let isCoarsest = level == config.pyramid.count
    let displacements = (2 * config.radius + 1) * (2 * config.radius + 1)
    var width = displacements + config.pyramid[level - 1] + (isCoarsest ? 0 : 4)
    var convolutions: [Conv2d] = []
    for (index, outputs) in config.decoder.enumerated() {
      convolutions.append(try Conv2d(weights["convolutions"][index], from: width, to: outputs))
      width = config.dense ? width + outputs : outputs
    }
    predict = try Conv2d(weights["predict"], from: width, to: 2)
    upfeat = level == config.finest ? nil : try ConvTranspose2d(weights["upfeat"], from: width, to: 2)
    name = weights.name
    radius = config.radius
    dense = config.dense
    self.slope = slope
    self.convolutions = convolutions
    self.width = width
  }

  /// - Parameters:
  ///   - first: features of the frame that the flow starts from, [h, w, C].
  ///   - second: features of the frame that it leads to, [h, w, C].
  ///   - coarser: the next coarser level's estimate, nil at the coarsest level.
  func callAsFunction(_ first: Tensor, _ second: Tensor, coarser: Estimate?) -> Estimate {
    let flow = coarser.map { resizeBilinear($0.flow, height: first.height, width: first.width, scale: 2) }  // [h, w, 2]
    let volume = Profile.measure(name + ".matching") {
      let aligned = flow.map { warp(second, by: $0) } ?? second  // [h, w, C]
      return costVolume(first, aligned, radius: radius, slope: slope)  // [h, w, (2r+1)²]
    }
    var features = [volume, first]
    if let flow, let coarser { features += [flow] + coarser.features }
    for convolution in convolutions {
      let y = convolution(features, activation: .leakyReLU(slope: slope))  // [h, w, decoder[j]]
      features = dense ? [y] + features : [y]
    }
    return Estimate(flow: predict(features, adding: flow), features: upfeat.map { [$0(features)] } ?? features)
  }
}
