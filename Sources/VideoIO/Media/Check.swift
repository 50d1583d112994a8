internal import CFFmpeg
internal import Glibc

/// The one place where status codes of FFmpeg become errors.
/// - Returns: `code` when it is not negative.
@discardableResult
func check(
  _ code: Int32, _ kind: VideoError.Kind, _ file: String, _ doing: @autoclosure () -> String,
  place: @autoclosure () -> String? = nil
) throws(VideoError) -> Int32 {
  if code >= 0 { return code }
  let status = StatusCode(rawValue: code)
  if kind == .output, status.systemNumber == EPIPE {
    throw VideoError(.closedPipe, file: file, "the reader of the pipe has gone", code: status)
  }
  throw VideoError(kind, file: file, doing(), because: status, place: place(), remedy: remedy(for: status))
}

private func remedy(for status: StatusCode) -> String? {
  switch status.systemNumber {
  case ENOSPC: "free some space or write to another disk"
  case EFBIG: "raise the file-size limit (ulimit -f) or write to another disk"
  case ENOMEM: "free some memory"
  default: nil
  }
}
