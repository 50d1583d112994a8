import Foundation

/// Runs command-line tools.
enum Tool {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs `name` and returns what it wrote on standard output.
  @discardableResult
  static func run(_ name: String, _ arguments: [String], in folder: URL? = nil) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nothing blocks, whoever writes first.
    let folder = try ScratchFolder()
    func file(_ name: String) throws -> FileHandle {
      FileManager.default.createFile(atPath: folder.path(name), contents: nil)
      return try FileHandle(forWritingTo: folder.url.appendingPathComponent(name))
    }
    process.standardOutput = try file("out")
    process.standardError = try file("err")
    try process.run()
    process.waitUntilExit()
    let data = try Data(contentsOf: folder.url.appendingPathComponent("out"))
    guard process.terminationStatus == 0 else {
      let text = (try? String(contentsOfFile: folder.path("err"), encoding: .utf8)) ?? ""
      throw Failure(description: "\(name) \(arguments.joined(separator: " ")): \(text.suffix(600))")
    }
    return data
  }
}

extension Tool {
  /// Starts a shell command and lets it run beside the test; it is waited for when the body is done.
  static func beside(_ command: String, _ body: () throws -> Void) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    defer { process.waitUntilExit() }
    try body()
  }
}

/// A folder that vanishes with its owner.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("vdeblur-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Names in the folder: to prove that nothing was left behind.
  var contents: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}
