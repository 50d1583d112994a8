import Logging

/// The program's log: plain lines on stderr, `vdeblur: warning: …`, above the progress bar.
struct ConsoleLogHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let kind =
      switch event.level {
      case .notice, .info: ""
      case let level: "\(level.rawValue): "
      }
    Console.shared.line("vdeblur: \(kind)\(event.message)")
  }
}

extension Logger {
  /// Notices and warnings by default; `-q` leaves errors, `-v` adds what was decided and why.
  static func console(level: Logger.Level) -> Logger {
    Logger(label: "vdeblur") { _ in ConsoleLogHandler(logLevel: level) }
  }
}
