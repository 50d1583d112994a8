internal import CFFmpeg

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

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

  /// An error about `file`; see the properties.
  public init(_ kind: Kind, file: String, _ problem: String, place: String? = nil, remedy: String? = nil) {
    self.kind = kind
    self.file = file
    self.problem = problem
    self.place = place
    self.remedy = remedy
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

/// The one place where status codes of FFmpeg become errors.
/// - Returns: `code` when it is not negative.
@discardableResult
func check(
  _ code: Int32, _ kind: VideoError.Kind, _ file: String, _ doing: @autoclosure () -> String,
  place: @autoclosure () -> String? = nil
) throws(VideoError) -> Int32 {
  if code >= 0 { return code }
  if kind == .output, code == cff_error(EPIPE) {
    throw VideoError(.closedPipe, file: file, "the reader of the pipe has gone")
  }
  throw VideoError(kind, file: file, "\(doing()): \(reason(of: code))", place: place(), remedy: remedy(for: code))
}

/// FFmpeg's or the system's own words for a status code (av_strerror).
func reason(of code: Int32) -> String {
  switch code {
  case cff_invalid_data: return "the data is damaged or not what it claims to be"
  case cff_eof: return "the file ends too early"
  default: break
  }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
    av_strerror(code, text.baseAddress, text.count)
    return String(cString: text.baseAddress!)
  }
}

private func remedy(for code: Int32) -> String? {
  switch code {
  case cff_error(ENOSPC): "free some space or write to another disk"
  case cff_error(EFBIG): "raise the file-size limit (ulimit -f) or write to another disk"
  case cff_error(ENOMEM): "free some memory"
  default: nil
  }
}

/// A C object that FFmpeg could not allocate.
func allocated<T>(_ pointer: UnsafeMutablePointer<T>?) -> UnsafeMutablePointer<T> {
  // FFmpeg's small allocations fail only when the process cannot go on at all.
  guard let pointer else { fatalError("out of memory") }
  return pointer
}

/// "3.250 s", the way messages give a moment.
func moment(_ seconds: Double) -> String {
  let milliseconds = Int64(limiting: seconds * 1000)
  let sign = milliseconds < 0 ? "-" : ""
  let fraction = String(milliseconds.magnitude % 1000)
  return "\(sign)\(milliseconds.magnitude / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
}
