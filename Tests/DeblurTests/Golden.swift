import Foundation
import Testing

@testable import Deblur

/// A file of tensors that PyTorch computed (`python -m training.golden`): inputs, weights and outputs, channels first.
struct Golden {
  let file: Safetensors
  let weights: Weights

  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/golden")

  init(_ name: String) throws {
    let url = Self.folder.appendingPathComponent("\(name).safetensors")
    file = try Safetensors(path: url.path)
    weights = try Weights(contentsOf: url)["weight"]
  }

  /// An integer among the parameters in the metadata.
  func integer(_ name: String) throws -> Int { try #require(file.metadata[name].flatMap(Int.init)) }

  /// The configuration of a network's file.
  var config: ModelConfig {
    get throws { try JSONDecoder().decode(ModelConfig.self, from: Data(#require(file.metadata["config"]).utf8)) }
  }

  /// An image [C, H, W] of the file as [H, W, C].
  func tensor(_ key: String) throws -> Tensor {
    let entry = try #require(file.entries[key], "\(key) in \(file.path)")
    let values = try file.floats(key, entry)
    let (channels, height, width) = (entry.shape[0], entry.shape[1], entry.shape[2])
    let tensor = Tensor(height, width, channels)
    for c in 0..<channels {
      for pixel in 0..<height * width { tensor.data[pixel * channels + c] = values[c * height * width + pixel] }
    }
    return tensor
  }
}

/// Largest absolute difference between two tensors of one shape; infinite if a NaN is met or the shapes differ.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
  guard a.shape == b.shape else { return .infinity }
  return zip(a.values, b.values).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
