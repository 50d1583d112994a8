public import Foundation

/// What a weights file says about itself.
public struct ModelDescription: Sendable {
  /// The file.
  public let url: URL
  /// The architecture.
  package let config: ModelConfig
  /// Which training this is of the same architecture; empty if the file does not say.
  public let version: String
  /// How it was trained, as JSON text.
  public let training: String
  /// What was measured of it, as JSON text.
  public let quality: String

  /// The name of the configuration: "fast".
  public var name: String { config.name }

  /// Reads a weights file's header; the tensors themselves are checked when the model is loaded.
  public init(contentsOf url: URL) throws(WeightsError) {
    try self.init(Weights(contentsOf: url), url)
  }

  init(_ weights: Weights, _ url: URL) throws(WeightsError) {
    self.url = url
    config = try ModelConfig(weights)
    version = weights.metadata["version"] ?? ""
    training = weights.metadata["training"] ?? "{}"
    quality = weights.metadata["quality"] ?? "{}"
  }
}
