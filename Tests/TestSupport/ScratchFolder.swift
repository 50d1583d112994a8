package import Foundation

/// A folder that vanishes with its owner.
package final class ScratchFolder: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("vdeblur-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  package func path(_ name: String) -> String { file(name).path }

  /// Names in the folder, sorted: to prove that nothing was left behind.
  package var contents: [String] { contents(of: "") }

  /// Names in a folder of the folder, sorted; none where there is no such folder.
  package func contents(of name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(name))) ?? []).sorted()
  }
}

extension ScratchFolder {
  /// One for all tests of the process, for what they share; it vanishes when the process ends.
  package static let shared: ScratchFolder = {
    atexit { try? FileManager.default.removeItem(at: ScratchFolder.shared.url) }
    return try! ScratchFolder()
  }()
}
