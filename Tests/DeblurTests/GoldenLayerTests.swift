import Testing

@testable import Deblur

/// Every layer type against PyTorch.
@Suite struct GoldenLayerTests {
  /// The inputs have unit variance, and Winograd convolution rounds at larger values than its result.
  static let tolerance: Float = 5e-5

  private func expect(_ result: Tensor, _ golden: Golden, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let difference = largestDifference(result, try golden.tensor("output"))
    #expect(difference <= Self.tolerance, "\(golden.file.path)", sourceLocation: sourceLocation)
  }

  @Test(
    arguments: ["k1-s1-d1", "k3-s1-d1", "k3-s1-d2", "k3-s1-d4", "k3-s2-d1", "k5-s1-d1", "k5-s2-d1", "k7-s1-d1"])
  func convolution(_ name: String) throws {
    let golden = try Golden("convolution-\(name)")
    let layer = try Conv2d(
      golden.weights, from: 5, to: 7, kernel: golden.integer("kernel"), stride: golden.integer("stride"),
      dilation: golden.integer("dilation"))
    try expect(layer(golden.tensor("input")), golden)
  }

  @Test func transposedConvolution() throws {
    let golden = try Golden("transposed-convolution")
    try expect(ConvTranspose2d(golden.weights, from: 6, to: 5)([golden.tensor("input")]), golden)
  }

  @Test func backwardWarping() throws {
    let golden = try Golden("warp")
    try expect(warp(golden.tensor("input.image"), by: golden.tensor("input.flow")), golden)
  }

  @Test(arguments: [3, 4])
  func costVolumes(radius: Int) throws {
    let golden = try Golden("cost-volume-r\(radius)")
    try expect(
      costVolume(golden.tensor("input.first"), golden.tensor("input.second"), radius: radius, slope: nil), golden)
  }

  @Test(arguments: [2, 4])
  func bilinearResize(factor: Int) throws {
    let golden = try Golden("resize-x\(factor)")
    let x = try golden.tensor("input")
    try expect(resizeBilinear(x, height: factor * x.height, width: factor * x.width), golden)
  }

  @Test(arguments: ModelConfig.Restoration.poolingCells)
  func adaptiveAveragePooling(cells: Int) throws {
    let golden = try Golden("adaptive-average-pool-\(cells)")
    try expect(adaptiveAveragePool(golden.tensor("input"), cells: cells), golden)
  }

  @Test func averagePooling() throws {
    let golden = try Golden("average-pool-2")
    try expect(averagePool(golden.tensor("input"), factor: 2, scale: 1), golden)
  }

  @Test func spaceToDepthAndBack() throws {
    let unshuffle = try Golden("pixel-unshuffle")
    try expect(pixelUnshuffle(unshuffle.tensor("input"), factor: 2), unshuffle)
    let shuffle = try Golden("pixel-shuffle")
    try expect(pixelShuffle(shuffle.tensor("input"), factor: 2), shuffle)
  }

  /// Beyond the side, and of a side of one.
  @Test(arguments: ["61x83", "1x7", "5x3"])
  func reflectingPadding(_ size: String) throws {
    let golden = try Golden("pad-\(size)")
    let output = try golden.tensor("output")
    try expect(reflectPad(golden.tensor("input"), height: output.height, width: output.width), golden)
  }

  @Test func residualBlock() throws {
    let golden = try Golden("residual-block")
    let block = try ResidualBlock(golden.weights, width: 16, kernel: 3, activation: .leakyReLU(slope: 0.1))
    try expect(block(golden.tensor("input")), golden)
  }

  @Test func pyramidPoolingModule() throws {
    let golden = try Golden("pyramid-pooling")
    let module = try PyramidPooling(golden.weights, width: 16, activation: .leakyReLU(slope: 0.1))
    try expect(module(golden.tensor("input")), golden)
  }

  @Test func blockAttentionModule() throws {
    let golden = try Golden("block-attention")
    let module = try BlockAttention(golden.weights, width: 16, ratio: golden.integer("cbam_ratio"))
    try expect(module(golden.tensor("input")), golden)
  }
}
