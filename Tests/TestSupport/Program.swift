package import Foundation

/// The program under test, run as a user's shell would.
package enum Program {
  /// `$VDEBLUR_PROGRAM`, or the program that was built beside the tests.
  package static let path: String =
    ProcessInfo.processInfo.environment["VDEBLUR_PROGRAM"] ?? builtProgram.path

  /// Where the build put this program and the libraries' modules, whichever program is under test.
  package static let builtFolder: String = builtProgram.deletingLastPathComponent().path

  private static let builtProgram: URL = {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    // swift test runs either the test bundle itself or a helper that is given its path.
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { URL(fileURLWithPath: $0) } ?? tests
    return bundle.deletingLastPathComponent().appendingPathComponent("vdeblur")
  }()

  package static func run(
    _ arguments: String..., input: Data? = nil, folder: ScratchFolder? = nil
  ) throws -> Command.Result {
    try Command.run(path, arguments, input: input, folder: folder)
  }

  package static func run(_ arguments: [String], folder: ScratchFolder? = nil) throws -> Command.Result {
    try Command.run(path, arguments, folder: folder)
  }

  /// A line for bash; `$VDEBLUR` is the program.
  package static func shell(
    _ line: String, folder: ScratchFolder? = nil, seconds: Double = 120
  ) throws -> Command.Result {
    try Command.run("/bin/bash", ["-c", "VDEBLUR='\(path)'; \(line)"], folder: folder, seconds: seconds)
  }
}
