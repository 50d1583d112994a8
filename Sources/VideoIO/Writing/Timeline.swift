internal import CFFmpeg

/// How the source's clock becomes the output's: unchanged, or beginning at 0 for a segment.
struct Timeline {
  private let source: SourceInfo
  private let container: Container
  /// Seconds by which everything moves because a stream begins before 0. Other containers' muxers do so by themselves; MP4 would hide what
  /// lies there instead.
  private let lift: Double

  init(source: SourceInfo, container: Container) {
    self.source = source
    self.container = container
    var earliest = 0.0
    for info in source.streams
    where source.segment == nil && !info.isCover && (info.kind == .audio || info.kind == .video) {
      guard let start = info.startTime else { continue }
      if container.isISOMedia {
        // Sound before 0 that primes the decoder is to be hidden.
        earliest = min(earliest, start + Timeline.seconds(info.initialPadding, info))
      } else {
        earliest = min(
          earliest,
          min(start, info.firstTime ?? start) + Timeline.padding(source.snapshot.stream(info.index), container))
      }
    }
    // AVI counts frames from its beginning.
    lift = container.isAVI && source.segment == nil ? -(source.video.startTime ?? 0) : -earliest
  }

  /// Ticks to add to the times of a stream, in its own time base.
  func shift(of stream: UnsafeMutablePointer<AVStream>) -> Int64 {
    let base = Rational(stream.pointee.time_base)
    let start = source.segmentTicks.map { source.video.timeBase.ticks($0.lowerBound, in: base) } ?? 0
    let delay = cff_matroska_adds_delay != 0 ? 0 : Timeline.padding(stream, container)
    return base.ticks(fromSeconds: delay + (container.isISOMedia || container.isAVI ? lift : 0)) &- start
  }

  private static func seconds(_ samples: Int, _ info: StreamInfo) -> Double {
    info.sampleRate > 0 ? Double(samples) / Double(info.sampleRate) : 0
  }

  private static func padding(_ stream: UnsafeMutablePointer<AVStream>, _ container: Container) -> Double {
    let samples = primingSamples(stream, container)
    return samples == 0 ? 0 : Double(samples) / Double(stream.pointee.codecpar.pointee.sample_rate)
  }

  /// Samples at the beginning that prime a decoder, as far as Matroska states them (codec delay).
  private static func primingSamples(_ stream: UnsafeMutablePointer<AVStream>, _ container: Container) -> Int32 {
    let par = stream.pointee.codecpar.pointee
    return container.statesDelay(of: par.codec_id) && par.sample_rate > 0 ? max(0, par.initial_padding) : 0
  }

  /// Where a chapter lies in the output; nil when it lies outside.
  func place(chapter: Range<Int64>, in base: Rational) -> Range<Int64>? {
    let shift = base.ticks(fromSeconds: lift)
    guard let segment = source.segmentTicks else {
      return (chapter.lowerBound &+ shift)..<max(chapter.lowerBound &+ shift, chapter.upperBound &+ shift)
    }
    let start = source.video.timeBase.ticks(segment.lowerBound, in: base)
    let end = segment.upperBound == .max ? Int64.max : source.video.timeBase.ticks(segment.upperBound, in: base)
    let from = max(chapter.lowerBound, start), to = min(chapter.upperBound, end)
    return from < to ? (from &- start)..<(to &- start) : nil
  }
}
