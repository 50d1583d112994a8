/// Why a weights file was refused: one clear line with the file, the key where there is one, what was wanted and what
/// was found.
public struct WeightsError: Error, Equatable, CustomStringConvertible {
  /// What is wrong with the file.
  public enum Problem: Equatable, Sendable {
    /// The operating system would not hand the file over.
    case unreadable(reason: String)
    /// The bytes are not a safetensors file.
    case notSafetensors(reason: String)
    /// The file ends before the bytes that its header promises.
    case truncated(wanted: Int, found: Int)
    /// The bytes of a tensor do not fit its shape, or lie outside the file, or on another tensor.
    case badTensor(key: String, reason: String)
    /// A tensor has an element type other than F32 and F16.
    case elementType(key: String, found: String)
    /// The network needs a tensor that the file lacks.
    case missing(key: String, wanted: [Int])
    /// A tensor has another shape than the network needs.
    case shape(key: String, wanted: [Int], found: [Int])
    /// A weight is NaN or infinite.
    case notFinite(key: String, index: Int)
    /// The file holds tensors that the network does not know.
    case unused(keys: [String])
    /// The configuration in the metadata is missing, malformed or describes no possible network.
    case configuration(reason: String)
  }

  /// The file, as it was named.
  public let path: String
  /// What is wrong with it.
  public let problem: Problem

  /// File and problem as one line. Keys and shapes are the file's own, of any length: what they make too long loses its
  /// middle.
  public var description: String {
    let sentence = problem.sentence
    return "\(path): " + (sentence.count <= 500 ? sentence : "\(sentence.prefix(300)) … \(sentence.suffix(150))")
  }
}

extension WeightsError.Problem {
  fileprivate var sentence: String {
    switch self {
    case .unreadable(let reason):
      "cannot read the weights: \(reason)"
    case .notSafetensors(let reason):
      "not a safetensors file: \(reason)"
    case .truncated(let wanted, let found):
      "truncated: \(wanted) bytes wanted, \(found) found; copy the file again"
    case .badTensor(let key, let reason):
      "tensor '\(key)': \(reason)"
    case .elementType(let key, let found):
      "tensor '\(key)': element type \(found), wanted F32 or F16"
    case .missing(let key, let wanted):
      "tensor '\(key)' is missing, wanted shape \(wanted); the file does not match its configuration"
    case .shape(let key, let wanted, let found):
      "tensor '\(key)' has shape \(found), wanted \(wanted); the file does not match its configuration"
    case .notFinite(let key, let index):
      "tensor '\(key)': element \(index) is not a finite number"
    case .unused(let keys):
      "holds \(keys.count) tensor\(keys.count == 1 ? "" : "s") that its configuration has no place for: "
        + keys.prefix(3).map { "'\($0)'" }.joined(separator: ", ") + (keys.count > 3 ? ", …" : "")
    case .configuration(let reason):
      "configuration: \(reason)"
    }
  }
}
