import Foundation

/// The release of FFmpeg under test, as the `ffmpeg` beside its libraries states it.
enum FFmpegRelease {
  /// Whether it is 5.1, whose limits the clips' refusals state. Containers of later releases hold more.
  static let is51: Bool = {
    let text = (try? Tool.run("ffmpeg", ["-version"])).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.hasPrefix("ffmpeg version 5.1")
  }()
}
