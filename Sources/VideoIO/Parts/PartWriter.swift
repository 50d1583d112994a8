/// Codes a run of parts into a file each.
public final class PartWriter: FrameWriter {
  /// Where a part goes, and its address.
  public typealias Place = (path: String, address: String)

  public var byteCount: Int64 { finishedBytes + (file?.byteCount ?? 0) }

  private let run: Range<Int>
  private let cuts: PartCuts
  private let place: (Int) -> Place
  private let made: (Int, PartRecord) -> Void
  private let sequence: EncoderSequence
  private var file: PartFileWriter?
  private var finishedBytes: Int64 = 0
  private var times: [Int64] = []
  private var lastDurations: (before: Int64, last: Int64) = (0, 0)
  private let parameterSets: String

  /// - Parameters:
  ///   - source: what ``PartReader/info`` says.
  ///   - cuts: what the ``PartReader`` of the same run takes note of.
  ///   - path: of the joined output, which decides how the encoder is set.
  ///   - place: of a part.
  ///   - made: called for each part that is complete.
  public init(
    _ source: SourceInfo, run: Range<Int>, cuts: PartCuts, path: String, options: WriterOptions,
    place: @escaping (Int) -> Place, made: @escaping (Int, PartRecord) -> Void
  ) throws(VideoError) {
    let container = try Container(path: path, options: options)
    let plan = try OutputPlan(for: source, container: container, path: path, options: options)
    guard !container.isY4M else {
      throw VideoError(
        .unsupported, file: path, "y4m holds pictures that are not coded, which no part can keep",
        remedy: "write .mkv, .mp4 or .nut")
    }
    (self.run, self.cuts, self.place, self.made) = (run, cuts, place, made)
    let target = place(run.lowerBound).path
    sequence = EncoderSequence(options.parts, first: run.lowerBound) { () throws(VideoError) in
      try Encoder(plan, source: source, container: container, options: options, path: target)
    }
    parameterSets = try sequence.prepared().parameterSets
  }

  public func write(_ frame: Frame) throws(VideoError) {
    if frame.isContext { return }
    try sequence.encode(frame, partEnded: { part throws(VideoError) in try end(part) }) { packet throws(VideoError) in
      try write(coded: packet)
    }
    times.append(frame.pts)
    lastDurations = (lastDurations.last, frame.duration)
  }

  public func write(_ packet: Packet) throws(VideoError) {}

  public func finish() throws(VideoError) -> VideoWriter.Summary {
    do throws(VideoError) {
      try sequence.end(before: run.upperBound, partEnded: { part throws(VideoError) in try end(part) }) {
        packet throws(VideoError) in try write(coded: packet)
      }
    } catch {
      abandon()
      throw error
    }
    return VideoWriter.Summary(frames: sequence.framesIn, bytes: finishedBytes)
  }

  public func abandon() {
    file?.abandon()
    file = nil
  }

  private func write(coded packet: Packet) throws(VideoError) { try opened().write(packet) }

  private func opened() throws(VideoError) -> PartFileWriter {
    if let file { return file }
    let made = try PartFileWriter(path: place(sequence.part).path)
    file = made
    return made
  }

  /// The encoder has given all packets of a part.
  private func end(_ part: Int) throws(VideoError) {
    let file = try opened()
    guard file.packetCount == times.count, let lower = cuts[part], let upper = cuts[part + 1] else {
      throw VideoError(.output, file: file.path, "the encoder took \(times.count) frames but gave \(file.packetCount)")
    }
    let record = try file.finish { coded in
      PartRecord(
        address: place(part).address, times: times, lastDurations: lastDurations, lower: lower.cut, upper: upper.cut,
        damage: part == run.lowerBound && lower.cut.before == nil ? upper.damage : upper.damage - lower.damage,
        coded: coded,
        parameterSets: parameterSets)
    }
    finishedBytes += file.byteCount
    self.file = nil
    (times, lastDurations) = ([], (0, 0))
    made(part, record)
  }
}
