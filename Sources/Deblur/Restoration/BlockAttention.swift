import Foundation

/// Convolutional block attention module (the paper's CBAM, after Woo et al., ECCV 2018): what to look at, then where.
///
///     M_c = σ(MLP(average over places) + MLP(maximum over places))       F_c = M_c ∗ F
///     M_s = σ(conv 7×7 [average; maximum over channels of F_c])          F_s = M_s ∗ F_c
struct BlockAttention: Sendable {
  let reduce: Linear  // [D/ratio]
  let expand: Linear  // [D]
  let spatial: Conv2d  // [H, W, 1]

  init(_ weights: Weights, width: Int, ratio: Int) throws(WeightsError) {
    reduce = try Linear(weights["reduce"], from: width, to: width / ratio)
    expand = try Linear(weights["expand"], from: width / ratio, to: width)
    spatial = try Conv2d(weights["spatial"], from: 2, to: 1, kernel: 7)
  }

  /// F [H, W, D] → F_s [H, W, D].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let pooled = globalPool(x)  // [D], [D]
    let channels = zip(mlp(pooled.mean), mlp(pooled.max)).map { sigmoid($0 + $1) }  // M_c [D]
    let pixels = spatial(channelStatistics(x, scaledBy: channels), activation: .sigmoid)  // M_s [H, W, 1]
    return applyAttention(x, channels: channels, pixels: pixels)
  }

  private func mlp(_ x: [Float]) -> [Float] {
    expand(reduce(x).map { max(0, $0) })
  }

  private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
}
