import Foundation
import TestSupport

/// Writes safetensors files for tests, sound ones and broken ones.
struct SafetensorsBuilder {
  var metadata: [String: String] = [:]
  private var entries: [(key: String, dtype: String, shape: [Int], bytes: Data)] = []
  private var spoilt: [String: [String: any Sendable]] = [:]

  mutating func add(_ key: String, _ shape: [Int], _ values: [Float]) {
    add(key, "F32", shape, values.withUnsafeBytes { Data($0) })
  }

  mutating func add(_ key: String, _ dtype: String, _ shape: [Int], _ bytes: Data) {
    entries.append((key, dtype, shape, bytes))
  }

  mutating func remove(_ key: String) { entries.removeAll { $0.key == key } }

  /// Overwrites one field of one header entry.
  mutating func spoil(_ key: String, _ field: String, _ value: any Sendable) {
    spoilt[key, default: [:]][field] = value
  }

  /// The file's bytes.
  func bytes() throws -> Data {
    var header: [String: Any] = [:]
    var data = Data()
    for entry in entries {
      let offsets = [data.count, data.count + entry.bytes.count]
      let fields: [String: Any] = ["dtype": entry.dtype, "shape": entry.shape, "data_offsets": offsets]
      header[entry.key] = fields.merging(spoilt[entry.key] ?? [:]) { $1 }
      data += entry.bytes
    }
    if !metadata.isEmpty { header["__metadata__"] = metadata }
    return Self.file(header: try JSONSerialization.data(withJSONObject: header), data: data)
  }

  /// A file of any header and data.
  static func file(header: Data, data: Data = Data()) -> Data {
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + data
  }
}

/// Hands a file of these bytes to `body` and removes it afterwards.
func withFile<Result>(_ bytes: Data, _ body: (URL) throws -> Result) throws -> Result {
  let folder = try ScratchFolder()
  let url = folder.file("made.safetensors")
  try bytes.write(to: url)
  return try withExtendedLifetime(folder) { try body(url) }
}
