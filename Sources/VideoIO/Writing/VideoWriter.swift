internal import CFFmpeg

/// Writes an output like its source, with other pictures: codes frames, copies every other stream, and lets the file appear only when complete.
public final class VideoWriter {
  /// What was written.
  public struct Summary: Sendable {
    /// Pictures.
    public let frames: Int
    /// The size of the output.
    public let bytes: Int64
  }

  /// What is written, and how.
  public let plan: OutputPlan
  /// Frames written so far.
  public var frameCount: Int { encoder.framesIn + appendedFrames }
  /// Bytes written so far.
  public var byteCount: Int64 { output.byteCount }

  private let source: SourceInfo
  private let output: OutputFile
  private let encoder: EncoderSequence
  private var times: DecodingTimes
  /// What came coded already: frames, and how long the last two of them are shown.
  private var appendedFrames = 0
  private var appendedDurations: (before: Int64, last: Int64)?
  /// SHA-256 of the encoder's parameter sets.
  let parameterSets: String
  private let muxer: Muxer
  private let copied: CopiedStreams?
  private var hidden: HiddenPackets
  private let path: String
  private let container: Container
  private let report: @Sendable (String) -> Void

  /// Everything that can be refused before decoding starts: the output's name and folder, the container, the encoder, the streams.
  /// - Returns: what would be written.
  @discardableResult
  public static func check(
    path: String, source: SourceInfo, options: WriterOptions = WriterOptions(), overwrite: Bool = false
  ) throws(VideoError) -> OutputPlan {
    let container = try Container(path: path, options: options)
    let plan = try OutputPlan(for: source, container: container, path: path, options: options)
    let place = try OutputFile.place(path: path, input: source.source.identity, overwrite: overwrite)
    if container.needsSeeking, place.isStream {
      throw VideoError(
        .unsupported, file: outputName(path), "\(container.name) cannot go through a pipe: its index is written last",
        remedy: "use -f matroska, nut, mpegts or fmp4 (fragmented mp4)")
    }
    return plan
  }

  /// Creates the output and writes its header.
  /// - Parameters:
  ///   - path: a file, or `-` for standard output.
  ///   - source: what ``VideoReader/info`` says.
  ///   - overwrite: replace an existing file, at success only.
  public init(path: String, source: SourceInfo, options: WriterOptions = WriterOptions(), overwrite: Bool = false)
    throws(VideoError)
  {
    let plan = try VideoWriter.check(path: path, source: source, options: options, overwrite: overwrite)
    let container = try Container(path: path, options: options)
    self.plan = plan
    self.source = source
    self.path = path
    self.container = container
    report = options.report
    for loss in plan.losses { options.report(loss) }
    encoder = EncoderSequence(options.parts) { () throws(VideoError) in
      try Encoder(plan, source: source, container: container, options: options, path: path)
    }
    let first = try encoder.prepared()
    times = try DecodingTimes(of: first, source: source) { () throws(VideoError) in
      var options = options
      options.pictureSize = SamplePictures.size
      return try Encoder(plan, source: source, container: container, options: options, path: path)
    }
    parameterSets = first.parameterSets
    output = try OutputFile(OutputFile.place(path: path, input: source.source.identity, overwrite: overwrite))
    for name in output.leftovers { options.report("removed \(name), left by a run that was killed") }
    muxer = try Muxer(plan, source: source, container: container, encoder: first, output: output, options: options)
    let muxer = muxer
    hidden = HiddenPackets(source, container)
    copied = try CopiedStreams(
      source, wanted: Set(source.streams.map(\.index).filter { $0 != source.video.index && muxer.takes($0) }))
  }

  /// Codes a frame. Frames come in display order; those outside the segment (``Frame/isContext``) are ignored.
  public func write(_ frame: Frame) throws(VideoError) {
    if frame.isContext { return }
    times.show(frame.pts)
    try encoder.encode(frame) { packet throws(VideoError) in try writeEncoded(packet) }
  }

  /// Appends frames that were coded before, with the same encoder and settings.
  /// - Parameters:
  ///   - shown: their presentation times, in display order.
  ///   - lastDurations: how long the last frame and the one before it are shown, in ticks.
  ///   - packets: hands over their packets, in decoding order.
  func append(
    shown: [Int64], lastDurations: (before: Int64, last: Int64),
    packets: ((Packet) throws(VideoError) -> Void) throws(VideoError) -> Void
  ) throws(VideoError) {
    let before = appendedDurations?.last ?? 0
    for time in shown { times.show(time) }
    try packets { packet throws(VideoError) in try writeEncoded(packet) }
    appendedFrames += shown.count
    if !shown.isEmpty {
      appendedDurations = (shown.count == 1 ? before : lastDurations.before, lastDurations.last)
    }
  }

  /// Copies a packet that came from ``VideoReader/next()``.
  public func write(_ packet: Packet) throws(VideoError) { try writeCopied(packet) }

  /// Completes the output and lets it appear.
  /// - Throws: when a packet is missing or the file cannot be completed; then nothing is left.
  public func finish() throws(VideoError) -> Summary { try finish { _ in } }

  /// - Parameter note: called just before a file takes its name, with what it can be recognised by afterwards.
  func finish(note: (FileStamp) throws(VideoError) -> Void) throws(VideoError) -> Summary {
    do throws(VideoError) {
      try encoder.finish { packet throws(VideoError) in try writeEncoded(packet) }
      times.end()
      try writeSettled()
      try copied?.read(until: nil) { packet throws(VideoError) in try writeCopied(packet) }
      guard encoder.framesIn == encoder.packetsOut, times.isEmpty else {
        throw VideoError(
          .output, file: path, "the encoder took \(encoder.framesIn) frames but gave \(encoder.packetsOut)")
      }
      try muxer.finish()
      try output.commit(note: note)
      sayLastDuration()
      sayHeardEnds()
    } catch {
      output.abandon()
      throw error
    }
    return Summary(frames: frameCount, bytes: output.byteCount)
  }

  /// Most containers tell when a picture begins, but not when the last one ends.
  private func sayLastDuration() {
    let (before, last) = appendedDurations ?? encoder.lastDurations
    let seconds = source.video.timeBase.seconds(last)
    guard !container.keepsLastDuration, before > 0, last > 0,
      abs(seconds - source.video.timeBase.seconds(before)) > 0.0015
    else { return }
    report(
      "the last picture is shown for \(moment(seconds)), which \(container.name) cannot say: players show it as long as the one before"
    )
  }

  private func sayHeardEnds() {
    for (index, samples) in hidden.heardEnds.sorted(by: { $0.key < $1.key }) {
      let stream = source.streams[index]
      report(
        "stream \(index) (\(stream.codec)) ends with \(moment(Double(samples) / Double(stream.sampleRate))) of hidden sound, which "
          + "\(container.name) cannot mark as hidden: it is heard")
    }
  }

  /// Gives the output up and removes what was written. Happens by itself when a writer that did not finish goes away.
  public func abandon() { output.abandon() }

  private func writeEncoded(_ packet: Packet) throws(VideoError) {
    times.take(packet)
    try writeSettled()
  }

  private func writeSettled() throws(VideoError) {
    while let packet = times.next() { try mux(packet) }
  }

  private func mux(_ packet: Packet) throws(VideoError) {
    let time = packet.sortingTime == unknownTime ? nil : source.video.timeBase.seconds(packet.sortingTime)
    if let time { try copied?.read(until: time) { packet throws(VideoError) in try writeCopied(packet) } }
    try muxer.write(encoded: packet)
  }

  private func writeCopied(_ packet: Packet) throws(VideoError) {
    guard hidden.admits(packet) else { return }
    if let segment = source.segmentTicks, !cut(packet, to: segment) { return }
    try muxer.write(copied: packet)
  }

  /// False when a packet lies outside the segment. Subtitles that reach into it are cut.
  private func cut(_ packet: Packet, to segment: Range<Int64>) -> Bool {
    let stream = source.streams[packet.streamIndex]
    let start = source.video.timeBase.ticks(segment.lowerBound, in: stream.timeBase)
    let end =
      segment.upperBound == .max ? Int64.max : source.video.timeBase.ticks(segment.upperBound, in: stream.timeBase)
    let p = packet.pointer
    let time = p.pointee.pts == unknownTime ? p.pointee.dts : p.pointee.pts
    guard time != unknownTime else { return true }
    if time >= end || time &+ max(1, p.pointee.duration) <= start { return false }
    if stream.kind == .subtitle, time < start {
      p.pointee.duration &-= start &- time
      p.pointee.pts = start
      p.pointee.dts = start
    }
    return true
  }
}
