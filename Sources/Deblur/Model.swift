public import Foundation

/// Which weights to run.
public enum Model: Equatable, Sendable {
  /// The shipped presets.
  case fast, paper
  /// Any weights file of the same format.
  case file(URL)

  /// `fast`, `paper`, or the path of a file.
  public init(_ argument: String) {
    switch argument {
    case "fast": self = .fast
    case "paper": self = .paper
    default: self = .file(URL(fileURLWithPath: argument))
    }
  }

  /// Where the weights are.
  func url() throws(DeblurError) -> URL {
    switch self {
    case .fast: try Self.bundled("fast")
    case .paper: try Self.bundled("paper")
    case .file(let url): url
    }
  }

  private static func bundled(_ name: String) throws(DeblurError) -> URL {
    let folder = try Resources.folder()
    let files = weights(in: folder)
    guard let url = files.first(where: { $0.deletingPathExtension().lastPathComponent == name }) else {
      throw .noModel(
        name: name, folder: folder.path, available: files.map { $0.deletingPathExtension().lastPathComponent })
    }
    return url
  }

  /// The weights files in a folder, by name.
  static func weights(in folder: URL) -> [URL] {
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "safetensors" }.sorted { $0.path < $1.path }
  }
}

/// What a weights file says about itself.
public struct ModelDescription: Sendable {
  /// The file.
  public let url: URL
  /// The architecture.
  public let config: ModelConfig
  /// Which training this is of the same architecture; empty if the file does not say.
  public let version: String
  /// How it was trained, as JSON text.
  public let training: String
  /// What was measured of it, as JSON text.
  public let quality: String

  /// The name of the preset: "fast", "paper".
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
