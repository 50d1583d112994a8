internal import CFFmpeg

/// One decoded picture with its time (AVFrame). Immutable once made; may be handed between threads.
public final class Frame: @unchecked Sendable {
  private let owned: Owned<AVFrame>
  /// Valid as long as this frame lives.
  var pointer: UnsafeMutablePointer<AVFrame> { owned.pointer }

  /// The presentation time in ticks of ``timeBase``: strictly rising from frame to frame.
  public let pts: Int64
  /// How long the picture is shown, in ticks; 0 when unknown.
  public let duration: Int64
  /// Seconds a tick.
  public let timeBase: Rational
  /// True for a frame just outside the chosen segment: it is a neighbour for the network and is not written.
  public let isContext: Bool
  /// The file that it comes from, for messages.
  let file: String

  init(
    _ picture: consuming Owned<AVFrame>, pts: Int64, duration: Int64, timeBase: Rational, isContext: Bool,
    file: String
  ) {
    owned = picture
    self.pts = pts
    self.duration = duration
    self.timeBase = timeBase
    self.isContext = isContext
    self.file = file
  }

  /// Another picture at the same time.
  func replaced(by picture: consuming Owned<AVFrame>) -> Frame {
    Frame(picture, pts: pts, duration: duration, timeBase: timeBase, isContext: isContext, file: file)
  }

  /// The same picture, as a neighbour that is not written.
  func asContext() -> Frame {
    Frame(
      Owned(sharing: pointer), pts: pts, duration: duration, timeBase: timeBase, isContext: true, file: file)
  }

  /// Presentation time in seconds, on the clock of the source.
  public var time: Double { timeBase.seconds(pts) }
  /// Columns of pixels.
  public var width: Int { Int(pointer.pointee.width) }
  /// Rows of pixels.
  public var height: Int { Int(pointer.pointee.height) }
  /// Whether the frame was coded without reference to others (AV_FRAME_FLAG_KEY).
  public var isKey: Bool { cff_frame_is_key(pointer) != 0 }
  /// Whether the frame holds two fields of different times.
  public var isInterlaced: Bool { cff_frame_is_interlaced(pointer) != 0 }
  /// Of an interlaced frame: whether the field with the first row is the earlier one.
  public var isTopFieldFirst: Bool { cff_frame_is_top_field_first(pointer) != 0 }
  /// FFmpeg's name of the pixel format: "yuv420p".
  public var pixelFormat: String {
    av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown"
  }

  var format: AVPixelFormat { AVPixelFormat(rawValue: pointer.pointee.format) }
}
