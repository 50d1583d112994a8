internal import CFFmpeg

/// A part of the source: from `start` up to, not including, `end`, in seconds after the beginning of the file.
public struct Segment: Sendable, Hashable {
  /// The moment of its first picture, at the earliest.
  public let start: Double
  /// nil: to the end.
  public let end: Double?

  /// From `start` up to `end`, both in seconds.
  public init(start: Double = 0, end: Double? = nil) {
    self.start = start
    self.end = end
  }
}

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

/// A copy of a container's header: streams, chapters and tags, without its bytes.
///
/// An AVFormatContext that was never opened serves as the store, because FFmpeg knows how to copy and free its parts.
final class ContainerSnapshot: @unchecked Sendable {
  let context: UnsafeMutablePointer<AVFormatContext>

  init(of demuxer: Demuxer) {
    let source = demuxer.context
    context = allocated(avformat_alloc_context())
    av_dict_copy(&context.pointee.metadata, source.pointee.metadata, 0)
    context.pointee.start_time = source.pointee.start_time
    context.pointee.duration = source.pointee.duration
    for info in demuxer.streams { append(demuxer.stream(info.index), to: context) }
    copyChapters(from: source, to: context)
    copyPrograms(from: source, to: context) { demuxer.place(of: $0) }
  }

  deinit { avformat_free_context(context) }

  /// Service names of a transport stream's programs, empty where one has none.
  var programNames: [String] {
    (0..<Int(context.pointee.nb_programs)).map {
      dictionary(context.pointee.programs[$0]!.pointee.metadata)["service_name"] ?? ""
    }
  }

  /// Indices of the streams that belong to a program.
  var programStreams: Set<Int> {
    Set((0..<Int(context.pointee.nb_programs)).flatMap { streams(of: context.pointee.programs[$0]!) })
  }

  func stream(_ index: Int) -> UnsafeMutablePointer<AVStream> { context.pointee.streams[index]! }
}

/// Adds a stream with all that a header tells of `from`.
@discardableResult
func append(_ from: UnsafeMutablePointer<AVStream>, to context: UnsafeMutablePointer<AVFormatContext>)
  -> UnsafeMutablePointer<AVStream>
{
  let to = allocated(avformat_new_stream(context, nil))
  avcodec_parameters_copy(to.pointee.codecpar, from.pointee.codecpar)
  to.pointee.id = from.pointee.id
  to.pointee.time_base = from.pointee.time_base
  to.pointee.start_time = from.pointee.start_time
  to.pointee.duration = from.pointee.duration
  to.pointee.nb_frames = from.pointee.nb_frames
  to.pointee.disposition = from.pointee.disposition
  to.pointee.discard = from.pointee.discard
  to.pointee.sample_aspect_ratio = from.pointee.sample_aspect_ratio
  to.pointee.avg_frame_rate = from.pointee.avg_frame_rate
  to.pointee.r_frame_rate = from.pointee.r_frame_rate
  av_dict_copy(&to.pointee.metadata, from.pointee.metadata, 0)
  copySideData(from, to)
  if from.pointee.attached_pic.size > 0 { av_packet_ref(&to.pointee.attached_pic, &from.pointee.attached_pic) }
  return to
}

/// Copies the side data of a stream, except the kinds for which `keep` is false.
func copySideData(
  _ from: UnsafeMutablePointer<AVStream>, _ to: UnsafeMutablePointer<AVStream>,
  keep: (AVPacketSideDataType) -> Bool = { _ in true }
) {
  for i in 0..<cff_stream_side_data_count(from) {
    let item = cff_stream_side_data_at(from, i)!.pointee
    guard keep(item.type), let data = cff_stream_new_side_data(to, item.type, item.size) else { continue }
    data.update(from: item.data, count: item.size)
  }
}

private func streams(of program: UnsafeMutablePointer<AVProgram>) -> [Int] {
  (0..<Int(program.pointee.nb_stream_indexes)).map { Int(program.pointee.stream_index[$0]) }
}

/// Copies the programs of a transport stream. `place` gives the index of a stream in the other context.
func copyPrograms(
  from: UnsafeMutablePointer<AVFormatContext>, to: UnsafeMutablePointer<AVFormatContext>, place: (Int) -> Int?
) {
  for i in 0..<Int(from.pointee.nb_programs) {
    let program = from.pointee.programs[i]!
    guard let copy = av_new_program(to, program.pointee.id) else { continue }
    av_dict_copy(&copy.pointee.metadata, program.pointee.metadata, 0)
    for index in streams(of: program).compactMap(place) {
      av_program_add_stream_index(to, copy.pointee.id, UInt32(index))
    }
  }
}

/// Copies chapters. `place` moves a chapter's start and end, in its time base, or drops it.
func copyChapters(
  from: UnsafeMutablePointer<AVFormatContext>, to: UnsafeMutablePointer<AVFormatContext>,
  place: (Rational, Range<Int64>) -> Range<Int64>? = { $1 }
) {
  let count = Int(from.pointee.nb_chapters)
  guard count > 0 else { return }
  let list = av_calloc(count, MemoryLayout<UnsafeMutablePointer<AVChapter>?>.size)!
    .assumingMemoryBound(to: UnsafeMutablePointer<AVChapter>?.self)
  var kept = 0
  for i in 0..<count {
    let chapter = from.pointee.chapters[i]!.pointee
    let span = chapter.start..<max(chapter.start, chapter.end)
    guard let placed = place(Rational(chapter.time_base), span) else { continue }
    let copy = av_mallocz(MemoryLayout<AVChapter>.size)!.assumingMemoryBound(to: AVChapter.self)
    copy.pointee.id = chapter.id
    copy.pointee.time_base = chapter.time_base
    copy.pointee.start = placed.lowerBound
    copy.pointee.end = placed.upperBound
    av_dict_copy(&copy.pointee.metadata, chapter.metadata, 0)
    list[kept] = copy
    kept += 1
  }
  to.pointee.chapters = list
  to.pointee.nb_chapters = UInt32(kept)
}
