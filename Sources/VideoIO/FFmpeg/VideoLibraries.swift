internal import CFFmpeg

/// The libraries behind VideoIO.
public enum VideoLibraries {
  /// Names and versions: "libavcodec 59.37.100, libavformat 59.27.100, …".
  public static var versions: String {
    [
      ("libavcodec", avcodec_version()), ("libavformat", avformat_version()), ("libavutil", avutil_version()),
      ("libswscale", swscale_version()),
    ]
    .map { "\($0) \($1 >> 16).\($1 >> 8 & 255).\($1 & 255)" }.joined(separator: ", ")
  }
}
