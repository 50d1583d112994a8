/// Everything that a writer must know of a source, taken when its first frame was decoded. Immutable; may be handed between threads.
public struct SourceInfo: Sendable {
  /// The path as given; `-` is standard input.
  public let path: String
  /// FFmpeg's short name of the container: "matroska,webm".
  public let formatName: String
  /// Seconds; nil when the container does not say.
  public let duration: Double?
  /// All streams, in the container's order.
  public let streams: [StreamInfo]
  /// Chapters, by their start.
  public let chapters: [Chapter]
  /// The container's tags.
  public let metadata: [String: String]
  /// The video that is processed, completed from its first frame.
  public let video: StreamInfo
  /// The source's clock at its beginning, in seconds: a frame's place in the file is `frame.time - startTime`.
  public let startTime: Double
  /// nil for the whole file.
  public let segment: Segment?
  /// How many frames the run will deliver, as far as the headers tell.
  public let estimatedFrames: Int?

  let source: InputSource
  let snapshot: ContainerSnapshot
  let firstFrame: Frame
  let memoryLimit: MemoryLimit
  /// Where sound ends by its index or edit list, in ticks of its stream, by stream; only where a packet's own length does not tell.
  let statedEnds: [Int: Int64]
  /// The segment on the source's clock, in ticks of the main video.
  let segmentTicks: Range<Int64>?

  /// Whether it is a file, which can be read again at any time.
  public var isFile: Bool { if case .file = source.bytes { true } else { false } }

  /// The times of the frames that are wanted, in ticks of the main video.
  var shownTicks: Range<Int64> { segmentTicks.map { firstFrame.pts..<$0.upperBound } ?? .min..<Int64.max }

  /// Whether the pictures' times and the sound come from a second reading of the same bytes (a file) or pass by in reading order (a pipe).
  var isReopenable: Bool { source.isReopenable }
}
