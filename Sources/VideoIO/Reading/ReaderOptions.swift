/// What to read of a source, and how forgiving to be.
public struct ReaderOptions: Sendable {
  /// nil reads everything.
  public var segment: Segment?
  /// Which video stream to take, by its index in the file; nil chooses (``Demuxer/mainVideo(_:)``).
  public var videoStream: Int?
  /// Fail on the first damaged packet or frame.
  public var strict = false
  /// Larger pictures than this allows are refused.
  public var memoryLimit = MemoryLimit.standard
  /// Deliver interlaced frames as they are instead of refusing them (for inspection only).
  public var acceptsInterlaced = false
  /// Take every frame for one whole picture, whatever the source's flags say.
  public var isProgressive = false
  /// Receives one-line warnings as they arise.
  public var report: @Sendable (String) -> Void = { _ in }

  /// All defaults: everything, mending what can be mended.
  public init() {}
}
