internal import CFFmpeg

/// How the source's clock becomes the output's: unchanged, or beginning at 0 for a segment.
struct Timeline {
  private let source: SourceInfo
  private let container: Container
  /// Seconds by which the muxer will move everything because a stream begins before 0.
  private let muxerShift: Double

  init(source: SourceInfo, container: Container) {
    self.source = source
    self.container = container
    var earliest = 0.0
    if !container.isISOMedia, source.segment == nil {
      for info in source.streams where info.kind == .audio || info.kind == .video {
        guard let start = info.startTime, !info.isCover else { continue }
        earliest = min(earliest, start + Timeline.padding(source.snapshot.stream(info.index), container))
      }
    }
    muxerShift = -earliest
  }

  /// Ticks to add to the times of a stream, in its own time base.
  func shift(of stream: UnsafeMutablePointer<AVStream>) -> Int64 {
    let base = Rational(stream.pointee.time_base)
    let start = source.segmentTicks.map { source.video.timeBase.ticks($0.lowerBound, in: base) } ?? 0
    return base.ticks(fromSeconds: Timeline.padding(stream, container)) - start
  }

  /// FFmpeg 5.1 reads Matroska's codec delay off the times but does not add it when writing; without this sound moves forward by it.
  private static func padding(_ stream: UnsafeMutablePointer<AVStream>, _ container: Container) -> Double {
    let par = stream.pointee.codecpar.pointee
    guard container.isMatroska, par.codec_type == AVMEDIA_TYPE_AUDIO, par.initial_padding > 0, par.sample_rate > 0 else { return 0 }
    return Double(par.initial_padding) / Double(par.sample_rate)
  }

  /// Where a chapter lies in the output; nil when it lies outside.
  func place(chapter: Range<Int64>, in base: Rational) -> Range<Int64>? {
    let shift = base.ticks(fromSeconds: muxerShift)
    guard let segment = source.segmentTicks else { return (chapter.lowerBound + shift)..<(chapter.upperBound + shift) }
    let start = source.video.timeBase.ticks(segment.lowerBound, in: base)
    let end = segment.upperBound == .max ? Int64.max : source.video.timeBase.ticks(segment.upperBound, in: base)
    let from = max(chapter.lowerBound, start), to = min(chapter.upperBound, end)
    return from < to ? (from - start)..<(to - start) : nil
  }
}
