import Foundation

/// The release of FFmpeg under test, as the `ffmpeg` beside its libraries states it.
package enum FFmpegRelease {
  /// The first line of `ffmpeg -version`.
  package static let line = (try? Tool.lines("ffmpeg -version").first) ?? ""

  /// Whether it is 5.1, whose limits the clips' refusals state. Containers of later releases hold more.
  package static let is51 = line.hasPrefix("ffmpeg version 5.1")
}
