import Foundation
import TestSupport
import Testing

@testable import Deblur

/// Every part of every shipped network takes part in the picture. A gate that shuts for good in training leaves whole stages without
/// effect, and no measure of quality shows it: only this does.
@Suite struct LivingPartsTests {
  /// Mean change of the picture, in grey levels, that noise in a part must bring about. Attention's own few weights turn gates that stand
  /// nearly open, so theirs is small (0.0004 to 0.0009 in the first weights of `paper`, which had little training); behind a shut gate,
  /// everything's is 0 to the last bit.
  static func least(_ part: String) -> Float { part.contains(".cbam.") ? 0.0001 : 0.05 }

  @Test(
    arguments: GoldenNetworkTests.shippedFiles.filter { $0.hasSuffix("-61x83") })
  func noiseInAPartsWeightsChangesThePicture(_ name: String) throws {
    let golden = try Golden(name)
    let url = try Resources.folder().appendingPathComponent(#require(golden.file.metadata["weights"]))
    let file = try Safetensors(path: url.path)
    let frames = try (0...2).map { try golden.tensor("frame\($0)") }
    let picture = try correction(url, frames)
    for part in Self.parts(of: file) {
      let changed = try withFile(noisy(file, part)) { try correction($0, frames) }
      let change = 255 * zip(picture.values, changed.values).map { abs($0 - $1) }.reduce(0, +) / Float(picture.count)
      #expect(
        change >= Self.least(part), "\(name): noise in \(part) changes the picture by \(change) grey levels in the mean"
      )
    }
  }

  /// The parts of both networks, as prefixes of the tensors' names: `flow.pyramid`, `restoration.encoder.2`, `restoration.cbam.spatial`, …
  static func parts(of file: Safetensors) -> [String] {
    let divided: Set<Substring> = ["encoder", "cbam", "decoder"]
    return Set(
      file.entries.keys.map { key in
        let names = key.split(separator: ".")
        return names.prefix(names[0] == "restoration" && divided.contains(names[1]) ? 3 : 2).joined(separator: ".")
      }
    ).sorted()
  }

  /// What the network adds to the middle frame.
  private func correction(_ url: URL, _ frames: [Tensor]) throws -> Tensor {
    let weights = try Weights(contentsOf: url)
    let network = try DeblurNetwork(weights, ModelConfig(weights))
    let prepared = frames.map(network.prepare)
    return network(previous: prepared[0], middle: prepared[1], next: prepared[2])
      ?? Tensor(shape: prepared[1].padded.shape, filledWith: 0)
  }

  /// The file's bytes with noise added to one part: as strong as each of its tensors itself, and as a fresh layer's weights would be where
  /// training has left them small.
  private func noisy(_ file: Safetensors, _ part: String) throws -> Data {
    var generator = SeededGenerator(seed: 7)
    var builder = SafetensorsBuilder()
    builder.metadata = file.metadata
    for (key, entry) in file.entries.sorted(by: { $0.key < $1.key }) {  // the same noise in every run
      var values = try file.floats(key, entry)
      if key.hasPrefix(part + ".") {
        let fan = entry.shape.count > 1 ? entry.shape.dropFirst().reduce(1, *) : Int.max
        let size = max(
          (values.map { $0 * $0 }.reduce(0, +) / Float(values.count)).squareRoot(), 1 / Float(fan).squareRoot())
        for index in values.indices { values[index] += size * Float.random(in: -1.7...1.7, using: &generator) }
      }
      builder.add(key, entry.shape, values)
    }
    return try builder.bytes()
  }
}
