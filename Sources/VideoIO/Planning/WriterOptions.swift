/// How the output is coded and stored. Everything has a default that keeps what the source has.
public struct WriterOptions: Sendable {
  /// FFmpeg's name of an encoder ("libx264", "libx265", "ffv1"); nil chooses by pixel format and container.
  public var codec: String?
  /// Constant quality; nil for visually lossless.
  public var crf: Double?
  /// Speed of the encoder ("medium", "fast"); nil for the default.
  public var preset: String?
  /// Further options of the encoder; what it does not know goes to the container ("movflags").
  public var extra: [String: String] = [:]
  /// Container by FFmpeg's name ("matroska", "mp4", "mpegts", "nut", "yuv4mpegpipe"; "fmp4" for fragmented mp4); nil goes by the extension.
  public var format: String?
  /// Leave out streams that the container cannot take instead of refusing.
  public var dropsUnsupported = false
  /// Write opaque pictures where no encoder of the container keeps the alpha plane.
  public var dropsAlpha = false
  /// A size other than the source's, for pictures composed from it.
  public var pictureSize: PictureSize?
  /// Where the encoder begins anew; nil for one encoder from beginning to end.
  public var parts: Parts?
  /// Receives one-line notices.
  public var report: @Sendable (String) -> Void = { _ in }

  /// All defaults.
  public init() {}
}
