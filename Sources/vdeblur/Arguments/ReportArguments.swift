import ArgumentParser
import Logging
import VideoIO

/// What the program says while it works. Nothing of it goes to stdout, unless `--progress -` asks for it.
struct ReportArguments: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Only errors, no progress.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say what was decided, and why.")
  var verbose = false

  @Option(
    name: [.long, .customLong("loglevel", withSingleDash: true)],
    help: ArgumentHelp("What to say at least.", valueName: "level"))
  var logLevel: LogLevel?

  mutating func validate() throws {
    let given = [quiet ? "-q" : nil, verbose ? "-v" : nil, logLevel == nil ? nil : "--log-level"].compactMap(\.self)
    if given.count > 1 { throw ValidationError("\(given[0]) and \(given[1]) contradict each other: give one of them.") }
  }

  /// A bar on a terminal, lines elsewhere, nothing when quiet.
  var display: (any ProgressDisplay)? {
    if quiet { return nil }
    return Console.shared.isTerminal ? ProgressBar() : ProgressLines()
  }

  /// The log of this run. At `trace` FFmpeg talks too.
  func makeLogger() -> Logger {
    let level = logLevel?.level ?? (quiet ? .error : verbose ? .debug : .notice)
    if level == .trace { FFmpegLog.verbose.use() }
    return .console(level: level)
  }
}

/// The levels of swift-log, by name; ffmpeg's names of them are understood too.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case trace, debug, info, notice, warning, error, critical

  private static let ffmpegs: [String: LogLevel] = [
    "quiet": .critical, "panic": .critical, "fatal": .critical, "verbose": .debug,
  ]

  init?(argument: String) {
    guard let level = LogLevel(rawValue: argument) ?? Self.ffmpegs[argument] else { return nil }
    self = level
  }

  var level: Logger.Level { Logger.Level(rawValue: rawValue)! }
}
