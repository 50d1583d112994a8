internal import CFFmpeg
internal import Glibc

/// What FFmpeg or the system says of a failure, as a number (AVERROR): tells a full disk (ENOSPC) from one that may not be written (EACCES).
public struct StatusCode: RawRepresentable, Error, Hashable, Sendable, CustomStringConvertible {
  /// FFmpeg's number: negative; the system's own (errno) are negated.
  public let rawValue: Int32

  /// A number of FFmpeg's.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// A number of the system's: `ENOSPC`, `EACCES`.
  public init(errno number: Int32) { rawValue = cff_error(number) }

  /// The system's number, where it is one of those; nil for what only FFmpeg says.
  public var systemNumber: Int32? {
    // FFmpeg's own numbers are made of four letters (FFERRTAG), and lie far beyond.
    let number = cff_error(rawValue)
    return (1..<4096).contains(number) ? number : nil
  }

  /// What the last call to the system said of its failure (errno).
  static var ofSystem: StatusCode { StatusCode(errno: errno) }

  /// The file ended (AVERROR_EOF).
  public static let endOfFile = StatusCode(rawValue: cff_eof)
  /// The data is not what it claims to be (AVERROR_INVALIDDATA).
  public static let invalidData = StatusCode(rawValue: cff_invalid_data)
  /// More must come first (EAGAIN).
  static let tryAgain = StatusCode(rawValue: cff_try_again)

  /// FFmpeg's or the system's own words (av_strerror).
  public var description: String {
    switch self {
    case .invalidData: return "the data is damaged or not what it claims to be"
    case .endOfFile: return "the file ends too early"
    default: break
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
      av_strerror(rawValue, text.baseAddress, text.count)
      return String(cString: text.baseAddress!)
    }
  }

  /// Throws what a function of FFmpeg's returned if that is an error.
  /// - Returns: `code` when it is not negative.
  @discardableResult
  static func check(_ code: Int32) throws(StatusCode) -> Int32 {
    if code < 0 { throw StatusCode(rawValue: code) }
    return code
  }
}
