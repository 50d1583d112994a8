/// What went wrong with a video file: one line that names the file, the problem, the place and the remedy.
public struct VideoError: Error, CustomStringConvertible, Sendable, Equatable {
  /// Whose fault it is; decides the exit status of a program.
  public enum Kind: Sendable {
    /// The input cannot be read or is damaged.
    case input
    /// The output cannot be written.
    case output
    /// The request does not fit the input or the container: nothing is broken, but something else must be asked for.
    case unsupported
    /// The request is sound, but this machine computes other bits than the one that it was made on.
    case otherMachine
    /// The reader at the other end of a pipe has gone (EPIPE): to be ended quietly.
    case closedPipe
  }

  /// Whose fault it is.
  public let kind: Kind
  /// The path as the caller gave it; `-` reads as "standard input" or "standard output".
  public let file: String
  /// What is wrong: the sentence that follows the file's name.
  public let problem: String
  /// Where in the file: "at 3.250 s", "at byte 4096".
  public let place: String?
  /// What to do about it.
  public let remedy: String?
  /// What FFmpeg or the system said, for programs; nil where the problem was found before either was asked.
  public let code: StatusCode?

  /// An error about `file`; see the properties.
  public init(
    _ kind: Kind, file: String, _ problem: String, place: String? = nil, remedy: String? = nil, code: StatusCode? = nil
  ) {
    self.kind = kind
    self.file = file
    self.problem = problem
    self.place = place
    self.remedy = remedy
    self.code = code
  }

  /// An error that FFmpeg or the system explains: `doing: the words for the code`.
  init(
    _ kind: Kind, file: String, _ doing: String, because code: StatusCode, place: String? = nil, remedy: String? = nil
  ) {
    self.init(kind, file: file, "\(doing): \(code)", place: place, remedy: remedy, code: code)
  }

  /// `file: problem place; remedy`
  public var description: String {
    var name = file
    if file == "-" { name = kind == .input || kind == .unsupported ? "standard input" : "standard output" }
    return "\(name): \(problem)\(place.map { " \($0)" } ?? "")\(remedy.map { "; \($0)" } ?? "")"
  }
}

/// How messages call an output, where `-` alone could mean either side.
func outputName(_ path: String) -> String { path == "-" ? "standard output" : path }
