internal import CFFmpeg

/// Proves that a finished output holds what its source holds, by reading both again: every frame at its time, every copied packet byte for
/// byte, picture and sound together.
public struct Verification: Sendable, CustomStringConvertible {
  /// Pictures that were decoded and compared.
  public let frames: Int
  /// Copied packets that were compared, and the streams they belong to.
  public let packets: Int
  /// Streams that the packets belong to.
  public let streams: Int
  /// False when the source was a pipe, which cannot be read again: then only the number of frames is proven.
  public let comparedWithSource: Bool

  /// The result in one line.
  public var description: String {
    guard comparedWithSource else {
      return "verified: \(frames) frames; the source was a pipe and cannot be compared again"
    }
    let copied =
      streams == 0 ? "" : ", \(packets) packets of \(streams) copied \(streams == 1 ? "stream" : "streams") unchanged"
    return "verified: \(frames) frames at the source's times\(copied)"
  }

  /// - Parameters:
  ///   - path: the finished output.
  ///   - plan: what ``VideoWriter`` said it would write.
  ///   - written: how many frames went in.
  /// - Throws: an error of kind `.output` that names the first difference.
  public init(of path: String, against source: SourceInfo, plan: EncoderPlan, written: Int) throws(VideoError) {
    var options = ReaderOptions()
    options.segment = source.segment
    options.memoryLimit = source.memoryLimit
    var resultOptions = ReaderOptions()
    resultOptions.videoStream = try VideoIO.place(of: source.video, among: source, plan, in: Demuxer(path: path))
    options.videoStream = source.video.index
    let result = try VideoReader(path: path, options: resultOptions)
    // How the source's frames are flagged was settled before the run.
    options.acceptsInterlaced = true
    let reference = source.isReopenable ? try VideoReader(source: source.source, options: options) : nil
    let tick = max(source.video.timeBase.value, result.info.video.timeBase.value)
    // Both are read in step, so that memory does not grow with their length.
    var count = 0, wantedCount = 0, shift = 0.0
    var moved: VideoError?
    while let foundFrame = try nextFrame(result) {
      let found = foundFrame.time
      if let wantedFrame = try reference.flatMap(nextFrame) {
        let wanted = wantedFrame.time
        if plan.keepsCaptions, foundFrame.captions != wantedFrame.captions {
          throw VideoError(
            .output, file: path, "frame \(count) lacks the source's closed captions", place: "at \(moment(wanted))",
            remedy: remedy)
        }
        if count == 0 { shift = found - wanted }
        wantedCount += 1
        if moved == nil, plan.container != "yuv4mpegpipe", abs(found - wanted - shift) > 1.01 * tick {
          moved = VideoError(
            .output, file: path,
            "frame \(count) is shown at \(moment(found - shift)), in the source at \(moment(wanted))", remedy: remedy)
        }
      }
      count += 1
    }
    guard count == written else {
      throw VideoError(.output, file: path, "holds \(count) frames, but \(written) were written", remedy: remedy)
    }
    frames = count
    guard let reference else {
      (packets, streams, comparedWithSource) = (0, 0, false)
      return
    }
    while try nextFrame(reference) != nil { wantedCount += 1 }
    guard wantedCount == count else {
      throw VideoError(.output, file: path, "holds \(count) frames, but the source \(wantedCount)", remedy: remedy)
    }
    if let moved { throw moved }
    try compareTimecodes(path, result.info, source, plan)
    comparedWithSource = true
    (packets, streams) = try compareCopies(path, result.info, source, plan, shift)
  }
}

private let remedy = "the output is not to be trusted: report this, with the source if you can"

/// The stream of the result that was made of the main video: videos keep their order.
private func place(of video: StreamInfo, among source: SourceInfo, _ plan: EncoderPlan, in result: Demuxer) -> Int? {
  func isFilm(_ stream: StreamInfo) -> Bool { stream.kind == .video && !stream.isCover }
  let before = source.streams.count {
    isFilm($0) && $0.index < video.index && plan.treatments[$0.index] == .copied
  }
  return result.streams.filter(isFilm).dropFirst(before).first?.index
}

/// The next frame of the segment.
private func nextFrame(_ reader: VideoReader) throws(VideoError) -> Frame? {
  while let item = try reader.next() {
    if case .frame(let frame) = item, !frame.isContext { return frame }
  }
  return nil
}

private func compareTimecodes(_ path: String, _ result: SourceInfo, _ source: SourceInfo, _ plan: EncoderPlan)
  throws(VideoError)
{
  guard plan.target.keepsTimecode, let wanted = source.timecode, result.timecode != wanted else { return }
  let problem =
    result.timecode.map { "states the timecode \($0), the source \(wanted)" } ?? "lacks the source's timecode \(wanted)"
  throw VideoError(.output, file: path, problem, remedy: remedy)
}

private func compareCopies(
  _ path: String, _ result: SourceInfo, _ source: SourceInfo, _ plan: EncoderPlan, _ shift: Double
) throws(VideoError) -> (packets: Int, streams: Int) {
  // Copies keep their order; the result may have streams of its own between them (chapter titles, timecode).
  var rest = result.streams.filter { $0.index != result.video.index }[...]
  var total = 0, count = 0
  for stream in source.streams where plan.treatments[stream.index] == .copied && !stream.isCover {
    guard let at = rest.firstIndex(where: { $0.kind == stream.kind && sameCodec($0.codec, stream.codec) }) else {
      throw VideoError(
        .output, file: path, "lacks the source's \(stream.kind.rawValue) stream \(stream.index) (\(stream.codec))",
        remedy: remedy)
    }
    let copy = rest[at]
    rest = rest[(at + 1)...]
    let hidden = HiddenPackets(source, plan.target)
    let before = try PacketCursor(source.source, stream, source.memoryLimit.maximumPixels, hidden: hidden)
    let after = try PacketCursor(result.source, copy, source.memoryLimit.maximumPixels)
    let tick = max(stream.timeBase.value, copy.timeBase.value, source.video.timeBase.value, result.video.timeBase.value)
    let isSegment = source.segment != nil
    let fault: String?
    if let samples = SampleComparison(before, after) {
      fault = samples.difference(isSegment: isSegment, shift, tolerance: 2.02 * tick)
    } else {
      fault = difference(before, after, isSegment: isSegment, shift, tolerance: 2.02 * tick)
    }
    if let fault {
      throw VideoError(
        .output, file: path, "\(stream.kind.rawValue) stream \(stream.index) (\(stream.codec)): \(fault)",
        remedy: remedy)
    }
    total += after.count
    count += 1
  }
  return (total, count)
}

/// MP4 has one name for MPEG sound of all layers.
private func sameCodec(_ a: String, _ b: String) -> Bool {
  a == b || Set([a, b]).isSubset(of: ["mp1", "mp2", "mp3"])
}

/// The first difference in words; nil for a true copy.
///
/// A segment holds a run of the source's packets. Containers of subtitles put empty packets between the lines.
private func difference(
  _ before: PacketCursor, _ after: PacketCursor, isSegment: Bool, _ shift: Double, tolerance: Double
) -> String? {
  let hasPauses = after.stream.kind == .subtitle
  var expected = before.next()
  var isMatched = false
  while let found = after.next() {
    if hasPauses, found.isEmpty, expected != found { continue }
    while let one = expected, one != found, (isSegment && !isMatched) || (hasPauses && one.isEmpty) {
      expected = before.next()
    }
    guard let one = expected, one == found else {
      let missing = before.count - 1
      while let later = before.next() {
        if later == found { return "packet \(missing) of the source is missing" }
      }
      return "packet \(after.count - 1) is not the source's"
    }
    isMatched = true
    if !hasPauses, let a = found.time, let b = one.time, abs(a - b - shift) > tolerance {
      return "packet \(after.count - 1) lies at \(moment(a - shift)), in the source at \(moment(b))"
    }
    expected = before.next()
  }
  guard !isSegment else { return nil }
  var missing = 0
  while let one = expected {
    if !(hasPauses && one.isEmpty) { missing += 1 }
    expected = before.next()
  }
  return missing > 0 ? "\(missing) packets of the source are missing" : nil
}

/// A packet, as far as it is compared.
private struct Copy: Equatable {
  let fingerprint: UInt64
  let time: Double?
  /// A subtitle packet without text.
  let isEmpty: Bool

  static func == (a: Copy, b: Copy) -> Bool { a.fingerprint == b.fingerprint }
}

/// The packets of one stream, one after another.
final class PacketCursor {
  let stream: StreamInfo
  /// Packets delivered so far.
  private(set) var count = 0
  private let demuxer: Demuxer
  private var failures = 0
  /// For the source: what is not copied of it.
  private var hidden: HiddenPackets?

  init(_ source: InputSource, _ stream: StreamInfo, _ maximumPixels: Int, hidden: HiddenPackets? = nil)
    throws(VideoError)
  {
    self.stream = stream
    self.hidden = hidden
    demuxer = try Demuxer(source: source, maximumPixels: maximumPixels)
    demuxer.select { $0 == stream.index }
  }

  fileprivate func next() -> Copy? {
    nextPacket().map { Copy(fingerprint: fingerprint($0, stream), time: time(of: $0), isEmpty: $0.byteCount <= 2) }
  }

  /// Seconds on the file's clock.
  func time(of packet: Packet) -> Double? {
    packet.sortingTime == unknownTime ? nil : stream.timeBase.seconds(packet.sortingTime)
  }

  func nextPacket() -> Packet? {
    while failures <= 32 {
      switch demuxer.read() {
      case .end: return nil
      case .damaged: failures += 1
      case .packet(let packet):
        guard packet.streamIndex == stream.index, hidden?.admits(packet) != false else { continue }
        count += 1
        return packet
      }
    }
    return nil
  }
}

/// 64-bit FNV-1a of a packet's bytes, without the ADTS header that AAC has in some containers and not in others (ISO 14496-3, 1.A.2).
private func fingerprint(_ packet: Packet, _ stream: StreamInfo) -> UInt64 {
  guard let data = packet.pointer.pointee.data else { return 0 }
  var bytes = UnsafeBufferPointer(start: data, count: packet.byteCount)[...]
  if stream.codec == "aac", bytes.count > 7, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 {
    bytes = bytes.dropFirst(bytes[1] & 1 == 1 ? 7 : 9)
  }
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return hash
}
