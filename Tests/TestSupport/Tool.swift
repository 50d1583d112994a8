package import Foundation

/// Tools of the system, such as ffmpeg, that a test takes as sound.
package enum Tool {
  /// Runs `name` and returns what it wrote on standard output. It throws where the tool fails.
  @discardableResult
  package static func run(_ name: String, _ arguments: [String], in folder: ScratchFolder? = nil) throws -> Data {
    let result = try Command.run("/usr/bin/env", [name] + arguments, folder: folder, seconds: 600)
    guard result.status == 0 else {
      throw Command.Failure(
        description: "\(name) \(arguments.joined(separator: " ")): \(result.errors.suffix(600))")
    }
    return result.output
  }

  /// What a line for the shell writes, line by line.
  package static func lines(_ command: String) throws -> [String] {
    String(decoding: try run("/bin/bash", ["-c", command]), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Starts a shell command and lets it run beside the test; it is waited for when the body is done.
  package static func beside(_ command: String, _ body: () throws -> Void) throws {
    let beside = try Command("/bin/sh", ["-c", command])
    defer { beside.process.waitUntilExit() }
    try body()
  }
}
