internal import CFFmpeg

/// Reads a source: the frames of its main video in display order, each with its time, and, from a pipe, the packets of every other stream.
///
/// From a file the other streams are not delivered: ``VideoWriter`` reads them itself, in step with the pictures, so that memory stays bounded
/// even where all sound lies after all pictures.
public final class VideoReader {
  /// What a source holds.
  public enum Item {
    /// A picture of the main video.
    case frame(Frame)
    /// A packet of another stream, in reading order.
    case packet(Packet)
  }

  /// What is known of the source since its first frame was decoded.
  public let info: SourceInfo
  /// How many packets and frames of the main video were damaged so far.
  public var damagedCount: Int { feed.damage.count }
  /// How many packets of the main video were read so far.
  var packetCount: Int { feed.damage.packets }
  /// How many times were missing, equal or backward and have been mended.
  public var repairedTimes: Int { feed.repair.repaired }
  /// Frames delivered so far, without those outside the segment.
  public private(set) var frameCount = 0

  private let options: ReaderOptions
  private let feed: FrameFeed
  private let window: Range<Int64>?
  private var ready: [Item] = []
  private var held: TimedPicture?
  private var isAtEnd = false

  /// Opens a file or `-` (standard input) and decodes its first frame.
  public convenience init(path: String, options: ReaderOptions = ReaderOptions()) throws(VideoError) {
    try self.init(source: InputSource(path: path, report: options.report), options: options)
  }

  init(source: InputSource, options: ReaderOptions) throws(VideoError) {
    self.options = options
    let path = source.path
    let demuxer = try VideoReader.demuxer(of: source, options)
    let main = try demuxer.mainVideo(options.videoStream)
    if !source.isReopenable { try demuxer.checkForChange(of: main) }
    try source.survey?.checkChange(of: demuxer.stream(main.index).pointee.id, path: path)
    try options.memoryLimit.check(width: main.width, height: main.height, path: path)
    let start = demuxer.startTime
    let window: Range<Int64>? = try options.segment.map { segment throws(VideoError) in
      // Moments are given to the millisecond: half of one before a frame still means the frame.
      let first = main.timeBase.ticks(after: segment.start + start - 0.0005)
      let end = segment.end.map { main.timeBase.ticks(after: $0 + start - 0.0005) } ?? Int64.max
      guard segment.start >= 0, first < end else {
        throw VideoError(
          .unsupported, file: path, "the segment ends before it starts", remedy: "give an end after the start")
      }
      return first..<end
    }
    self.window = window
    let feed = try FrameFeed(demuxer: demuxer, stream: main.index, window: window, options: options)
    self.feed = feed
    var before: TimedPicture?
    if let window { before = try feed.goTo(window.lowerBound) } else { before = nil }
    guard let first = try feed.next() else {
      guard let before = before.take(), let segment = options.segment else { throw feed.nothingDecoded() }
      let last = main.timeBase.seconds(before.pts) - start
      throw VideoError(
        .unsupported, file: path,
        "has no picture from \(moment(segment.start)) on: the last one begins at \(moment(last))",
        remedy: "choose an earlier time")
    }
    if VideoReader.isOfAnotherShape(before, than: first.picture.pointer) { before = nil }
    let firstFrame = Frame(
      Owned(sharing: first.picture.pointer), pts: first.pts, duration: 0, timeBase: main.timeBase, isContext: false,
      file: path)
    let firstTime = first.pts
    let interlaced = !options.isProgressive && FrameFeed.isInterlaced(firstFrame.pointer, feed.stream)
    held = consume first
    info = SourceInfo(
      path: path, formatName: demuxer.formatName, duration: demuxer.duration, streams: demuxer.streams,
      chapters: demuxer.chapters,
      metadata: demuxer.metadata,
      video: StreamInfo(feed.stream, index: main.index, frame: firstFrame.pointer, isInterlaced: interlaced),
      startTime: start,
      segment: options.segment, estimatedFrames: estimateFrames(main, demuxer.duration, options.segment),
      source: source,
      snapshot: ContainerSnapshot(of: demuxer), firstFrame: firstFrame, memoryLimit: options.memoryLimit,
      statedEnds: demuxer.statedEnds,
      // The output's clock begins at the moment that was asked for, or at a picture just before it that was meant.
      segmentTicks: window.map { window in
        let asked = main.timeBase.ticks(fromSeconds: options.segment!.start + start)
        return min(asked, firstTime, window.upperBound)..<window.upperBound
      })
    if let window {
      if firstTime >= window.upperBound {
        throw VideoError(
          .unsupported, file: path, "has no picture in the segment", place: "at \(moment(options.segment!.start))",
          remedy: "choose an end after \(moment(main.timeBase.seconds(firstTime) - start))")
      }
      if let before { ready.append(.frame(make(before, until: firstTime, isContext: true))) }
    }
  }

  /// Reads a part of a source that was opened before. What is said of the source stays as it was when its first frame was decoded.
  /// - Parameters:
  ///   - window: the part, in ticks; `.min` begins at the beginning.
  ///   - packets: those of the main video in the whole file, where known.
  /// - Throws: if the file is another one by now.
  init(_ info: SourceInfo, window: Range<Int64>, packets: Int?, options: ReaderOptions) throws(VideoError) {
    (self.info, self.options, self.window) = (info, options, window)
    feed = try FrameFeed(
      demuxer: Demuxer(reopening: info), stream: info.video.index, window: window, options: options)
    feed.expect(like: info.firstFrame, from: info.shownTicks.lowerBound)
    feed.isPart = true
    feed.packetsInFile = packets
    var before = window.lowerBound == .min ? nil : try feed.goTo(window.lowerBound)
    held = try feed.next()
    if VideoReader.isOfAnotherShape(before, than: info.firstFrame.pointer) { before = nil }
    let next = VideoReader.time(of: held)
    if let before { ready.append(.frame(make(before, until: next, isContext: true))) }
    isAtEnd = held == nil
  }

  /// The next frame or packet; nil at the end.
  /// - Throws: when the picture size changes, more than a third of the video is damaged, or, if strict, at the first damage.
  public func next() throws(VideoError) -> Item? {
    while true {
      if !ready.isEmpty { return ready.removeFirst() }
      if !feed.passing.isEmpty { return .packet(feed.passing.removeFirst()) }
      if isAtEnd { return nil }
      try advance()
    }
  }

  /// Opens a source; one without a list of its streams is read once to its end before, where all of it is wanted and it can be read again.
  private static func demuxer(of source: InputSource, _ options: ReaderOptions) throws(VideoError) -> Demuxer {
    let maximum = options.memoryLimit.maximumPixels
    let demuxer: Demuxer
    do {
      demuxer = try Demuxer(source: source, maximumPixels: maximum)
    } catch {
      // Some demuxers read the end first, and take two joined files for one that is damaged.
      try source.checkJoint()
      throw error
    }
    // A segment may lie in the first file.
    if options.segment == nil { try source.checkJoint() }
    // A part of a large file is found without reading all of it.
    let isWorthIt = options.segment == nil || demuxer.byteCount < 1 << 30
    guard isWorthIt, source.survey == nil, source.isReopenable, demuxer.canSeek,
      Survey.isNeeded(for: demuxer.formatName)
    else { return demuxer }
    source.survey = try Survey(source, early: demuxer, maximumPixels: maximum)
    return try Demuxer(source: source, maximumPixels: maximum)
  }

  private func advance() throws(VideoError) {
    let following = try feed.next()
    let next = VideoReader.time(of: following)
    guard let current = held.take() else {
      isAtEnd = true
      return
    }
    if let window, current.pts >= window.upperBound {
      // The neighbour after the segment; nothing later is needed.
      ready.append(.frame(make(current, until: next, isContext: true)))
      isAtEnd = true
      return
    }
    ready.append(.frame(make(current, until: next, isContext: false)))
    frameCount += 1
    isAtEnd = next == nil
    held = following
    if isAtEnd { try feed.finish(frames: frameCount) }
  }

  private static func time(of picture: borrowing TimedPicture?) -> Int64? {
    switch picture {
    case .some(let picture): picture.pts
    case nil: nil
    }
  }

  /// Such a picture belongs to another scene and is no neighbour.
  private static func isOfAnotherShape(_ picture: borrowing TimedPicture?, than first: UnsafeMutablePointer<AVFrame>)
    -> Bool
  {
    switch picture {
    case .some(let picture): PictureShape(picture.picture.pointer) != PictureShape(first)
    case nil: false
    }
  }

  private func make(_ picture: consuming TimedPicture, until next: Int64?, isContext: Bool) -> Frame {
    let duration = next.map { $0 &- picture.pts } ?? feed.lastDuration(picture)
    let pts = picture.pts
    return Frame(
      picture.picture, pts: pts, duration: duration, timeBase: info.video.timeBase, isContext: isContext,
      file: info.path)
  }
}

private func estimateFrames(_ video: StreamInfo, _ duration: Double?, _ segment: Segment?) -> Int? {
  let rate = video.frameRate.value
  guard let whole = video.duration ?? duration, rate > 0 else {
    return video.announcedFrames > 0 ? Int(video.announcedFrames) : nil
  }
  if let segment {
    let end = min(segment.end ?? whole, whole)
    return Int(limiting: max(0, min(1e15, (end - segment.start) * rate)))
  }
  return video.announcedFrames > 0 ? Int(video.announcedFrames) : Int(limiting: max(1, min(1e15, whole * rate)))
}
