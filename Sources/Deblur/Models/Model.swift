public import Foundation

/// Which weights to run.
public enum Model: Equatable, Sendable {
  /// One of those in the folder with the weights, by its name.
  case shipped(String)
  /// Any weights file of the same format.
  case file(URL)

  /// The one that runs where none is chosen.
  public static let fast = Model.shipped("fast")

  /// Names of the models that are there, in alphabetical order; none where the folder with the weights is missing.
  public static var shippedNames: [String] {
    (try? Resources.folder()).map { weights(in: $0).map(name) } ?? []
  }

  /// A name of ``shippedNames``, or the path of a file. `fast` is always a name, so that its absence is told as such.
  public init(_ argument: String) {
    self.init(argument, shipped: Self.shippedNames)
  }

  init(_ argument: String, shipped: [String]) {
    let named = Model.shipped(argument)
    self = named == .fast || shipped.contains(argument) ? named : .file(URL(fileURLWithPath: argument))
  }

  /// Where the weights are.
  func url() throws(DeblurError) -> URL {
    switch self {
    case .shipped(let name): try Self.bundled(name)
    case .file(let url): url
    }
  }

  private static func bundled(_ name: String) throws(DeblurError) -> URL {
    let folder = try Resources.folder()
    let files = weights(in: folder)
    guard let url = files.first(where: { self.name($0) == name }) else {
      throw .noModel(name: name, folder: folder.path, available: files.map(self.name))
    }
    return url
  }

  private static func name(_ file: URL) -> String { file.deletingPathExtension().lastPathComponent }

  /// The weights files in a folder, by name.
  static func weights(in folder: URL) -> [URL] {
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "safetensors" }.sorted { $0.path < $1.path }
  }
}
