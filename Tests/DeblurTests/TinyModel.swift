import Foundation

@testable import Deblur

/// A few thousand random weights with every part of the networks, as a weights file: for tests of what surrounds the
/// networks.
enum TinyModel {
  /// The bytes of one of PyTorch's tiny networks as a weights file; `change` may spoil its metadata and tensors first.
  static func file(_ name: String = "tiny", change: (inout SafetensorsBuilder) -> Void = { _ in }) throws -> Data {
    let golden = try Golden(name)
    var builder = SafetensorsBuilder()
    builder.metadata = [
      "format": ModelConfig.format, "name": name, "version": "7", "config": golden.file.metadata["config"] ?? "",
      "training": #"{"steps": 1}"#, "quality": "{}",
    ]
    for (key, entry) in golden.file.entries where key.hasPrefix("weight.") {
      builder.add(String(key.dropFirst("weight.".count)), entry.shape, try golden.file.floats(key, entry))
    }
    change(&builder)
    return try builder.bytes()
  }

  /// A deblurrer with these weights.
  static func deblurrer(_ name: String = "tiny", strength: Float = 1) throws -> Deblurrer {
    try withFile(file(name)) { try Deblurrer(model: .file($0), strength: strength) }
  }

  /// A picture of smooth waves, moved on with `time`; `scene` chooses their direction and colours.
  static func frame(_ height: Int, _ width: Int, time: Int, scene: Int = 0) -> Tensor {
    let frame = Tensor(height, width, 3)
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          let phase =
            scene == 0
            ? Float(x + 2 * time) / 5 + Float(y) / 9 + Float(c)
            : Float(y - time) / 3 - Float(x) / 17 + Float(2 * c) + 1.5
          frame[y, x, c] = 0.5 + 0.4 * sin(phase)
        }
      }
    }
    return frame
  }
}
