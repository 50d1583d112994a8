/// x + conv₂(LeakyReLU(conv₁(x))): the unit of SRN-DeblurNet (Tao et al., CVPR 2018, section 3.2), without
/// normalisation.
struct ResidualBlock: Sendable {
  let convolution1: Conv2d  // [H, W, C]
  let convolution2: Conv2d  // [H, W, C]
  let activation: Activation
  let name: String

  init(_ weights: Weights, width: Int, kernel: Int, activation: Activation) throws(WeightsError) {
    convolution1 = try Conv2d(weights["convolution1"], from: width, to: width, kernel: kernel)
    convolution2 = try Conv2d(weights["convolution2"], from: width, to: width, kernel: kernel)
    self.activation = activation
    name = weights.name
  }

  /// [H, W, C] → [H, W, C].
  func callAsFunction(_ x: Tensor) -> Tensor {
    Profile.measure(
      name, multiplyAccumulates: convolution1.multiplyAccumulates(x) + convolution2.multiplyAccumulates(x)
    ) {
      residualPair(x, convolution1.convolution, convolution2.convolution, activation: activation)
    }
  }
}

/// Residual blocks one after the other; keys `0`, `1`, …
struct ResidualBlocks: Sendable {
  let blocks: [ResidualBlock]

  init(_ weights: Weights, count: Int, width: Int, kernel: Int, activation: Activation) throws(WeightsError) {
    var blocks: [ResidualBlock] = []
    for index in 0..<count {
      blocks.append(try ResidualBlock(weights[index], width: width, kernel: kernel, activation: activation))
    }
    self.blocks = blocks
  }

  /// [H, W, C] → [H, W, C]. Takes `x` over, so that each block's input is freed as soon as its output exists.
  func callAsFunction(_ x: consuming Tensor) -> Tensor {
    var x = x
    for block in blocks { x = block(x) }
    return x
  }
}
