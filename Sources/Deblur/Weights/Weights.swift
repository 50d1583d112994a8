import Foundation

/// A cursor into a weights file: a network's constructor walks it by name, and so is at once its architecture, its key
/// map and its shape check (the idea of candle's `VarBuilder`).
///
///     let flow = weights["flow"]["decoder"][3]
///     try flow.get("predict.weight", shape: 2, 64, 3, 3)     // key flow.decoder.3.predict.weight
///
/// When the network is built, ``checkAllUsed()`` makes sure that no tensor of the file was left over.
struct Weights {
  /// What the file says about itself: `name`, `version`, `training`, `quality`, `config` (docs/networks.md).
  var metadata: [String: String] { file.metadata }
  /// The file, as it was named.
  var path: String { file.path }

  /// Dotted path of this cursor; empty at the root, else with its trailing dot.
  let prefix: String
  private let file: Safetensors
  private let used: UsedKeys

  private final class UsedKeys {
    var keys: Set<String> = []
  }

  /// Opens a safetensors file and reads its header.
  init(contentsOf url: URL) throws(WeightsError) {
    self.init(file: try Safetensors(path: url.path), prefix: "", used: UsedKeys())
  }

  private init(file: Safetensors, prefix: String, used: UsedKeys) {
    self.file = file
    self.prefix = prefix
    self.used = used
  }

  /// The path of this cursor within its network, for profiles: `encoder.0.convolution` for key prefix
  /// `restoration.encoder.0.convolution.`
  var name: String { prefix.split(separator: ".").dropFirst().joined(separator: ".") }

  /// The cursor one name further down.
  subscript(_ name: String) -> Weights {
    Weights(file: file, prefix: "\(prefix)\(name).", used: used)
  }

  /// The cursor at one element of a list.
  subscript(_ index: Int) -> Weights { self["\(index)"] }

  /// The tensor `name` below this cursor, in the file's order (PyTorch: OIHW for convolutions); it must have exactly
  /// this shape.
  func get(_ name: String, shape: Int...) throws(WeightsError) -> [Float] {
    let key = prefix + name
    guard let entry = file.entries[key] else {
      throw WeightsError(path: path, problem: .missing(key: key, wanted: shape))
    }
    guard entry.shape == shape else {
      throw WeightsError(path: path, problem: .shape(key: key, wanted: shape, found: entry.shape))
    }
    let values = try file.floats(key, entry)
    used.keys.insert(key)
    return values
  }

  /// Refuses tensors below this cursor that nobody asked for: they belong to another network than the one that was
  /// built.
  func checkAllUsed() throws(WeightsError) {
    let unused = file.entries.keys.filter { $0.hasPrefix(prefix) && !used.keys.contains($0) }
    guard unused.isEmpty else { throw WeightsError(path: path, problem: .unused(keys: unused.sorted())) }
  }
}
