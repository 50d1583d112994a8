public import Deblur
public import VideoIO

/// A clip as it is read, its frames deblurred: for filters and writers of one's own.
///
///     let clip = try DeblurredClip("in.mp4", by: Deblurrer(), segment: Segment(start: 12, end: 15))
///     while let item = try clip.next() {
///       if case .frame(let source, let restored) = item { show(restored, at: source.time) }
///     }
///
/// Frames outside the segment, which serve as neighbours, never appear. Used by one thread at a time.
public final class DeblurredClip {
  /// What a clip holds.
  public enum Item {
    /// A frame as it was, and its deblurred picture, [H, W, 3] RGB in 0…1.
    case frame(Frame, restored: Tensor)
    /// From a pipe: a packet of another stream, to be handed to ``VideoWriter/write(_:)-(Packet)`` as it is.
    case packet(Packet)
  }

  /// What is known of the clip.
  public var info: SourceInfo { reader.info }

  private let reader: VideoReader
  private var window: FrameWindow<Frame>
  private let converter: PixelConverter

  /// Opens a file, or `-` for standard input.
  /// - Parameters:
  ///   - path: the file.
  ///   - deblurrer: does the work.
  ///   - segment: nil for all of it.
  /// - Throws: `VideoError` if the clip cannot be read.
  public init(_ path: String, by deblurrer: Deblurrer, segment: Segment? = nil) throws {
    var options = ReaderOptions()
    options.segment = segment
    reader = try VideoReader(path: path, options: options)
    converter = try PixelConverter(for: reader.info)
    window = FrameWindow(deblurrer)
  }

  /// The next frame or packet; nil at the end.
  /// - Throws: `VideoError` if the clip is damaged, `DeblurError` if the network's result is not finite.
  public func next() throws -> Item? {
    while let item = try reader.next() {
      switch item {
      case .packet(let packet): return .packet(packet)
      case .frame(let frame):
        let picture = Tensor(frame.height, frame.width, 3)
        try picture.withMutableSpan { try converter.read(frame, into: &$0) }
        // A frame comes back one step later, when the window has seen the next one.
        if let output = try window.push(picture, frame, wanted: !frame.isContext) {
          return .frame(output.payload, restored: output.restored)
        }
      }
    }
    return try window.finish().map { .frame($0.payload, restored: $0.restored) }
  }

  /// A frame with another picture; format, colour, times and side data are those of `source`.
  /// - Parameters:
  ///   - picture: [H, W, 3] RGB in 0…1, of the clip's size.
  ///   - source: one of the clip's frames.
  /// - Throws: `VideoError` when there is no memory for the frame.
  public func frame(of picture: Tensor, like source: Frame) throws -> Frame {
    try picture.withSpan { try converter.write($0, like: source) }
  }
}
