/// Learned features of one frame at halving resolutions (PWC-Net, Sun et al., CVPR 2018, section 3: feature pyramid
/// extractor).
///
/// Computed once a frame and used by the three windows that the frame appears in.
struct FeaturePyramid: Sendable {
  let unshuffle: Int
  let levels: [[Conv2d]]  // level l, from 1: [H/(u·2^l), W/(u·2^l), pyramid[l−1]]
  let activation: Activation

  init(_ weights: Weights, _ config: ModelConfig.Flow, activation: Activation) throws(WeightsError) {
    var levels: [[Conv2d]] = []
    var width = 3 * config.unshuffle * config.unshuffle
    for (index, outputs) in config.pyramid.enumerated() {
      var level: [Conv2d] = []
      for layer in 0..<config.convolutions {
        level.append(try Conv2d(weights[index][layer], from: width, to: outputs, stride: layer == 0 ? 2 : 1))
        width = outputs
      }
      levels.append(level)
    }
    self.levels = levels
    self.unshuffle = config.unshuffle
    self.activation = activation
  }

  /// - Parameter frame: [H, W, 3] in 0…1, sides multiples of the network's stride.
  /// - Returns: the levels, finest first.
  func callAsFunction(_ frame: Tensor) -> [Tensor] {
    // Centred, so that zero padding means mid-grey.
    var x = pixelUnshuffle(frame, factor: unshuffle, offset: -0.5)  // [H/u, W/u, 3u²]
    return levels.map { level in
      for layer in level { x = layer(x, activation: activation) }
      return x
    }
  }
}
