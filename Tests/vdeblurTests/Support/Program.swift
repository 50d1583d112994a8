import Foundation

/// Runs the built program, or another command, as a user's shell would.
enum Program {
  struct Result {
    /// Exit status; 128 + n when ended by signal n, as shells say.
    let status: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var errorLines: [Substring] { errors.split(separator: "\n") }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The program under test: `$VDEBLUR_PROGRAM`, or the one that was built beside the tests.
  static let path: String = {
    if let given = ProcessInfo.processInfo.environment["VDEBLUR_PROGRAM"] { return given }
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    // swift test runs either the test bundle itself or a helper that is given its path.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { URL(fileURLWithPath: $0) } ?? tests
    return bundle.deletingLastPathComponent().appendingPathComponent("vdeblur").path
  }()

  static func run(_ arguments: String..., input: Data? = nil, folder: URL? = nil) throws -> Result {
    try run(path, arguments, input: input, folder: folder)
  }

  /// A line for bash; `$VDEBLUR` is the program.
  static func shell(_ line: String, folder: URL? = nil, seconds: Double = 120) throws -> Result {
    try Running("/bin/bash", ["-c", "VDEBLUR='\(path)'; \(line)"], folder: folder).wait(atMost: seconds)
  }

  static func run(_ program: String, _ arguments: [String], input: Data? = nil, folder: URL? = nil) throws -> Result {
    let running = try Running(program, arguments, input: input, folder: folder)
    return try running.wait()
  }

  /// A command that is still at work.
  final class Running {
    let process = Process()
    private let scratch: URL

    init(_ program: String, _ arguments: [String], input: Data? = nil, folder: URL? = nil) throws {
      scratch = try Folder.make()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.currentDirectoryURL = folder ?? scratch
      var environment = ProcessInfo.processInfo.environment
      environment["LC_ALL"] = "C"
      process.environment = environment
      // Files, not pipes: nobody has to read while the command runs.
      let stdin = scratch.appendingPathComponent("stdin")
      try (input ?? Data()).write(to: stdin)
      process.standardInput = try FileHandle(forReadingFrom: stdin)
      for (name, end) in [("stdout", \Process.standardOutput), ("stderr", \Process.standardError)] {
        let url = scratch.appendingPathComponent(name)
        try Data().write(to: url)
        process[keyPath: end] = try FileHandle(forWritingTo: url)
      }
      try process.run()
    }

    /// Waits for its end, but not for ever: no test's command may hang.
    func wait(atMost seconds: Double = 120) throws -> Result {
      let deadline = Date(timeIntervalSinceNow: seconds)
      while process.isRunning {
        guard Date() < deadline else {
          kill(process.processIdentifier, SIGKILL)
          throw Failure(description: "still running after \(Int(seconds)) s: \(process.arguments ?? [])")
        }
        usleep(5_000)
      }
      let read = { try Data(contentsOf: self.scratch.appendingPathComponent($0)) }
      let signalled = process.terminationReason == .uncaughtSignal
      return Result(
        status: signalled ? 128 + process.terminationStatus : process.terminationStatus, output: try read("stdout"),
        errors: String(decoding: try read("stderr"), as: UTF8.self))
    }
  }
}

/// Folders for tests, removed when the tests end with the system's temporary files.
enum Folder {
  static func make() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("vdeblur-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  /// Names of the files in a folder, sorted.
  static func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
}
