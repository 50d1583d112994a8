package import Foundation

/// A command that runs beside the test. It belongs to one test: nothing here is safe to share between threads.
package final class Command {
  package struct Result {
    /// Exit status; 128 + n when ended by signal n, as shells say.
    package let status: Int32
    package let output: Data
    package let errors: String

    package var text: String { String(decoding: output, as: UTF8.self) }
    package var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  package let process = Process()
  /// What the command reads and writes, and where it runs if no other folder is given.
  private let scratch: ScratchFolder
  /// Held until the command has ended.
  private let folder: ScratchFolder?

  /// Starts it.
  /// - Parameter input: its standard input; nothing by default.
  package init(_ program: String, _ arguments: [String], input: Data? = nil, folder: ScratchFolder? = nil) throws {
    scratch = try ScratchFolder()
    self.folder = folder
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder?.url ?? scratch.url
    var environment = ProcessInfo.processInfo.environment
    environment["LC_ALL"] = "C"
    process.environment = environment
    // Files, not pipes: nobody has to read while the command runs.
    try (input ?? Data()).write(to: scratch.file("stdin"))
    process.standardInput = try FileHandle(forReadingFrom: scratch.file("stdin"))
    for (name, end) in [("stdout", \Process.standardOutput), ("stderr", \Process.standardError)] {
      try Data().write(to: scratch.file(name))
      process[keyPath: end] = try FileHandle(forWritingTo: scratch.file(name))
    }
    try process.run()
  }

  /// Waits for its end, but not for ever: no test's command may hang.
  package func wait(atMost seconds: Double = 120) throws -> Result {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning {
      guard Date() < deadline else {
        kill(process.processIdentifier, SIGKILL)
        throw Failure(description: "still running after \(Int(seconds)) s: \(process.arguments ?? [])")
      }
      usleep(5_000)
    }
    let signalled = process.terminationReason == .uncaughtSignal
    return Result(
      status: signalled ? 128 + process.terminationStatus : process.terminationStatus,
      output: try Data(contentsOf: scratch.file("stdout")),
      errors: String(decoding: try Data(contentsOf: scratch.file("stderr")), as: UTF8.self))
  }

  /// Runs a program to its end.
  package static func run(
    _ program: String, _ arguments: [String], input: Data? = nil, folder: ScratchFolder? = nil, seconds: Double = 120
  ) throws -> Result {
    try Command(program, arguments, input: input, folder: folder).wait(atMost: seconds)
  }
}
