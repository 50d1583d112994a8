internal import CFFmpeg

/// Proves that a finished output holds what its source holds, by reading both again: every frame at its time, every copied packet byte for
/// byte, picture and sound together.
public struct Verification: Sendable, CustomStringConvertible {
  /// Pictures that were decoded and compared.
  public let frames: Int
  /// Copied packets that were compared, and the streams they belong to.
  public let packets: Int
  public let streams: Int
  /// False when the source was a pipe, which cannot be read again: then only the number of frames is proven.
  public let comparedWithSource: Bool

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
    let result = try VideoReader(path: path)
    let found = try times(result)
    guard found.count == written else {
      throw VideoError(.output, file: path, "holds \(found.count) frames, but \(written) were written", remedy: remedy)
    }
    frames = found.count
    guard source.isReopenable else {
      (packets, streams, comparedWithSource) = (0, 0, false)
      return
    }
    comparedWithSource = true
    var options = ReaderOptions()
    options.segment = source.segment
    options.memoryLimit = source.memoryLimit
    let wanted = try times(VideoReader(source: source.source, options: options))
    guard wanted.count == found.count else {
      throw VideoError(
        .output, file: path, "holds \(found.count) frames, but the source \(wanted.count)", remedy: remedy)
    }
    let shift = (found.first ?? 0) - (wanted.first ?? 0)
    if plan.container != "yuv4mpegpipe" {
      let tick = max(source.video.timeBase.value, result.info.video.timeBase.value)
      for (index, (a, b)) in zip(found, wanted).enumerated() where abs(a - b - shift) > 1.01 * tick {
        throw VideoError(
          .output, file: path, "frame \(index) is shown at \(moment(a - shift)), in the source at \(moment(b))",
          remedy: remedy)
      }
    }
    (packets, streams) = try compareCopies(path, result.info, source, plan, shift)
  }
}

private let remedy = "the output is not to be trusted: report this, with the source if you can"

/// Times of all frames of the segment, in seconds.
private func times(_ reader: VideoReader) throws(VideoError) -> [Double] {
  var times: [Double] = []
  while let item = try reader.next() {
    if case .frame(let frame) = item, !frame.isContext { times.append(frame.time) }
  }
  return times
}

/// A packet, as far as it is compared.
private struct Copy: Equatable {
  let fingerprint: UInt64
  let time: Double?

  static func == (a: Copy, b: Copy) -> Bool { a.fingerprint == b.fingerprint }
}

private func compareCopies(
  _ path: String, _ result: SourceInfo, _ source: SourceInfo, _ plan: EncoderPlan, _ shift: Double
) throws(VideoError) -> (packets: Int, streams: Int) {
  // Copies keep their order; the result may have streams of its own between them (chapter titles, timecode).
  var rest = result.streams.filter { $0.index != result.video.index }[...]
  var pairs: [(source: StreamInfo, result: StreamInfo)] = []
  for stream in source.streams where plan.treatments[stream.index] == .copied && !stream.isCover {
    guard let at = rest.firstIndex(where: { $0.kind == stream.kind && $0.codec == stream.codec }) else {
      throw VideoError(
        .output, file: path, "lacks the source's \(stream.kind.rawValue) stream \(stream.index) (\(stream.codec))",
        remedy: remedy)
    }
    pairs.append((stream, rest[at]))
    rest = rest[(at + 1)...]
  }
  guard !pairs.isEmpty else { return (0, 0) }
  let limit = source.memoryLimit.maximumPixels
  let wanted = try copies(Demuxer(source: source.source, maximumPixels: limit), Set(pairs.map(\.source.index)))
  let found = try copies(Demuxer(source: result.source, maximumPixels: limit), Set(pairs.map(\.result.index)))
  var total = 0
  for (stream, copy) in pairs {
    let (before, after) = (wanted[stream.index] ?? [], found[copy.index] ?? [])
    let tick = max(stream.timeBase.value, copy.timeBase.value, source.video.timeBase.value, result.video.timeBase.value)
    if let fault = difference(
      before, after, in: stream, isSegment: source.segment != nil, shift, tolerance: 2.02 * tick)
    {
      throw VideoError(
        .output, file: path, "\(stream.kind.rawValue) stream \(stream.index) (\(stream.codec)): \(fault)",
        remedy: remedy)
    }
    total += after.count
  }
  return (total, pairs.count)
}

/// The first difference in words; nil for a true copy.
///
/// A segment holds a run of the source's packets. Containers of subtitles put empty packets between the lines.
private func difference(
  _ before: [Copy], _ after: [Copy], in stream: StreamInfo, isSegment: Bool, _ shift: Double, tolerance: Double
) -> String? {
  var position = before.startIndex
  var matched = 0
  for (index, copy) in after.enumerated() {
    var place = position
    while place < before.endIndex, before[place] != copy { place += 1 }
    guard place < before.endIndex else {
      if stream.kind == .subtitle { continue }
      return "packet \(index) is not the source's"
    }
    if place > position, !(isSegment && matched == 0) { return "packet \(position) of the source is missing" }
    position = place + 1
    matched += 1
    if stream.kind != .subtitle, let a = copy.time, let b = before[place].time, abs(a - b - shift) > tolerance {
      return "packet \(index) lies at \(moment(a - shift)), in the source at \(moment(b))"
    }
  }
  if !isSegment, matched < before.count { return "\(before.count - matched) packets of the source are missing" }
  return nil
}

private func copies(_ demuxer: Demuxer, _ wanted: Set<Int>) -> [Int: [Copy]] {
  demuxer.select { wanted.contains($0) }
  var result: [Int: [Copy]] = [:]
  var failures = 0
  while true {
    switch demuxer.read() {
    case .end: return result
    case .damaged:
      failures += 1
      if failures > 32 { return result }
    case .packet(let packet):
      guard wanted.contains(packet.streamIndex) else { continue }
      let stream = demuxer.streams[packet.streamIndex]
      let time = packet.sortingTime == unknownTime ? nil : stream.timeBase.seconds(packet.sortingTime)
      result[packet.streamIndex, default: []].append(Copy(fingerprint: fingerprint(packet, stream), time: time))
    }
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
