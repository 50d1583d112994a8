import Foundation
import Testing

@testable import Deblur

/// The whole network against PyTorch: every ablation on random weights, the shipped models on theirs.
@Suite struct GoldenNetworkTests {
  static let tolerance: Float = 1e-4
  /// In pixels: flow is no picture in 0…1.
  static let flowTolerance: Float = 1e-3

  @Test(
    arguments: ["tiny", "tiny-ppm", "tiny-cbam", "tiny-none", "tiny-single-frame", "tiny-paper", "tiny-full-size"])
  func everyAblationOnRandomWeights(_ name: String) throws {
    let golden = try Golden(name)
    let network = try DeblurNetwork(golden.weights, golden.config)
    try expectAgreement(network, golden)
  }

  @Test(arguments: shippedFiles)
  func shippedWeightsAtOddSizes(_ name: String) throws {
    let golden = try Golden(name)
    let url = try Resources.folder().appendingPathComponent(#require(golden.file.metadata["weights"]))
    let weights = try Weights(contentsOf: url)
    let network = try DeblurNetwork(weights, ModelConfig(weights))
    try expectAgreement(network, golden)
  }

  @Test func everyShippedModelIsComparedAtTwoSizes() throws {
    for model in try Deblurrer.bundled() {
      #expect(Self.shippedFiles.filter { $0.hasPrefix(model.name + "-") }.count >= 2)
    }
  }

  /// `fast-61x83` and the like.
  static var shippedFiles: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Golden.folder.path)) ?? []
    return files.filter { $0.wholeMatch(of: /(fast|paper)-\d+x\d+\.safetensors/) != nil }
      .map { $0.replacingOccurrences(of: ".safetensors", with: "") }.sorted()
  }

  private func expectAgreement(_ network: DeblurNetwork, _ golden: Golden) throws {
    let inputs = try (0...2).map { try golden.tensor("frame\($0)") }
    let (height, width) = (inputs[1].height, inputs[1].width)
    let frames = inputs.map(network.prepare)
    if let flow = network.flow {
      for (neighbour, key) in [(0, "flow_prev"), (2, "flow_next")] {
        let result = crop(flow(frames[1].pyramid, frames[neighbour].pyramid), height: height, width: width)
        let difference = largestDifference(result, try golden.tensor(key))
        #expect(difference <= Self.flowTolerance, "\(key)")
      }
    }
    let cases = [
      ("restored", true, true), ("restored_first", false, true), ("restored_last", true, false),
      ("restored_lone", false, false),
    ]
    for (key, hasPrevious, hasNext) in network.flow == nil ? Array(cases.prefix(1)) : cases {
      // Nothing where nothing moved.
      let correction =
        network(previous: hasPrevious ? frames[0] : nil, middle: frames[1], next: hasNext ? frames[2] : nil)
        ?? Tensor(shape: frames[1].padded.shape, filledWith: 0)
      let restored = crop(correction, height: height, width: width)
      for index in 0..<restored.count { restored.data[index] += inputs[1].data[index] }
      let difference = largestDifference(restored, try golden.tensor(key))
      #expect(difference <= Self.tolerance, "\(key)")
    }
  }
}
