import Foundation

@testable import Deblur

/// A weights file for any configuration: every tensor that the network asks for, filled with small numbers.
enum InventedModel {
  /// - Returns: nil where the configuration is refused, or needs more weights or tensors than allowed.
  static func file(_ config: ModelConfig, mostWeights: Int = 4 << 20, mostTensors: Int = 200) throws -> Data? {
    var builder = SafetensorsBuilder()
    builder.metadata = [
      "format": ModelConfig.format, "version": "1",
      "config": String(decoding: try JSONEncoder().encode(config), as: UTF8.self),
    ]
    var weights = 0
    for _ in 0..<mostTensors {
      let bytes = try builder.bytes()
      let problem = try withFile(bytes) { url in
        do {
          _ = try Deblurrer(model: .file(url))
          return nil as WeightsError.Problem?
        } catch let error as WeightsError {
          return error.problem
        }
      }
      guard let problem else { return bytes }
      guard case .missing(let key, let shape) = problem else { return nil }
      let count = shape.reduce(1, *)
      weights += count
      guard weights <= mostWeights else { return nil }
      builder.add(key, shape, (0..<count).map { 0.02 * Float($0 * 7919 % 101 - 50) / 50 })
    }
    return nil
  }
}
