internal import CFFmpeg
internal import Glibc

/// Messages are ours; FFmpeg's own go to stderr only at a level that the program asks for.
let quietFFmpeg: Void = {
  cff_log_level(AV_LOG_QUIET)
  // SVT-AV1 writes to standard error past FFmpeg's log; 1 leaves its errors.
  setenv("SVT_LOG", "1", 0)
}()

/// How much FFmpeg itself says on standard error.
public enum FFmpegLog: Sendable {
  /// Nothing (how a program begins); errors; all that FFmpeg decides.
  case quiet, errors, verbose

  /// Sets the level for the whole process (av_log_set_level).
  public func use() {
    _ = quietFFmpeg
    switch self {
    case .quiet: cff_log_level(AV_LOG_QUIET)
    case .errors: cff_log_level(AV_LOG_ERROR)
    case .verbose: cff_log_level(AV_LOG_VERBOSE)
    }
  }
}
