internal import CFFmpeg

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

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

private func remedy(for code: Int32) -> String? {
  switch code {
  case cff_error(ENOSPC): "free some space or write to another disk"
  case cff_error(EFBIG): "raise the file-size limit (ulimit -f) or write to another disk"
  case cff_error(ENOMEM): "free some memory"
  default: nil
  }
}
