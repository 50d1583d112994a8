import ArgumentParser
import Deblur
import VideoIO

extension VDeblur {
  /// Any error as the one line and the exit status that the user gets.
  static func failure(for error: any Error) -> Failure {
    switch error {
    case let failure as Failure: return failure
    case let error as VideoError:
      return Failure(status(of: error.kind), error.kind == .closedPipe ? "" : error.description)
    case let error as DeblurError: return Failure(.processing, error.description)
    case let error as WeightsError: return Failure(.processing, error.description)
    default: return Failure(.usage, usageLine(message(for: error)))
    }
  }

  private static func status(of kind: VideoError.Kind) -> ExitStatus {
    switch kind {
    case .input: .input
    case .output: .output
    case .unsupported: .usage
    case .otherMachine: .otherMachine
    case .closedPipe: .brokenPipe
    }
  }

  /// The parser's sentence in the form of all our messages: one line, a small initial, a remedy at the end.
  private static func usageLine(_ message: String) -> String {
    var line = message.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }.joined(separator: " ")
    while line.last == "." { line.removeLast() }
    guard let first = line.first else { return "see '\(help)'" }
    if !line.hasPrefix("-") { line = first.lowercased() + line.dropFirst() }
    // "Unknown option '--modle'. Did you mean '--model'?" becomes one sentence.
    line = line.replacing(". Did you mean", with: ": did you mean")
    return line + (line.hasSuffix("?") ? " See" : "; see") + " '\(help)'"
  }

  /// The page that has the options of the command that was given.
  static var help: String {
    guard let word = CommandLine.arguments.dropFirst().first, commandNames.contains(word) else {
      return "vdeblur --help"
    }
    return "vdeblur \(word) --help"
  }
}
