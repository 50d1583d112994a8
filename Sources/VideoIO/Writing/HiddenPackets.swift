internal import CFFmpeg

/// Follows the edit list of copied streams: what it hides is not copied, and the last packet ends where the list does.
///
/// Hidden packets in front of a stream stay where the output can hide them again (before 0 in MP4 and MOV), so that the sound decodes alike;
/// elsewhere only if they are no more than the priming of a decoder. Those between two parts that are shown never stay: nothing could hide them.
struct HiddenPackets {
  private let source: SourceInfo
  private let container: Container
  private var begun: Set<Int> = []
  /// Samples of packets that were left out in front, by stream.
  private var leftOut: [Int: Int] = [:]
  /// The last packet's time, by stream.
  private var lastTimes: [Int: Int64] = [:]
  /// Samples at the end that are cut off, which the output cannot say, by stream.
  private(set) var heardEnds: [Int: Int] = [:]

  init(_ source: SourceInfo, _ container: Container) {
    self.source = source
    self.container = container
    // A segment begins in the midst of a stream: all that is hidden there lies at joints, or before the segment.
    if source.segment != nil { begun = Set(source.streams.map(\.index)) }
  }

  /// Whether a packet is copied. Adjusts what it says of its first and last samples.
  mutating func admits(_ packet: Packet) -> Bool {
    let stream = source.streams[packet.streamIndex]
    let isHidden = packet.pointer.pointee.flags & AV_PKT_FLAG_DISCARD != 0
    if stream.kind == .audio, !begun.contains(stream.index) {
      guard !isHidden || container.hides(packet.sortingTime) || isPreroll(packet, stream) else {
        leftOut[stream.index, default: packet.skippedSamples] -= samples(packet, stream)
        return false
      }
      if let skipped = leftOut.removeValue(forKey: stream.index) { packet.skippedSamples = max(0, skipped) }
    }
    if isHidden, begun.contains(stream.index) { return stream.kind == .video }
    if !isHidden { begun.insert(stream.index) }
    if stream.kind == .audio, !isHidden { trimEnd(packet, stream) }
    return true
  }

  private func isPreroll(_ packet: Packet, _ stream: StreamInfo) -> Bool {
    stream.edits.needed.map { packet.sortingTime >= $0 } ?? false
  }

  private func samples(_ packet: Packet, _ stream: StreamInfo) -> Int {
    let duration = stream.timeBase.seconds(packet.pointer.pointee.duration) * Double(stream.sampleRate)
    return duration.isFinite ? Int(max(0, min(1e9, duration.rounded()))) : 0
  }

  /// How long a packet of sound is heard, in ticks: as a whole, and up to where the edit list or the padding that it states ends it.
  static func lengths(of packet: Packet, _ stream: StreamInfo, statedEnd: Int64?) -> (whole: Int64, shown: Int64) {
    let p = packet.pointer.pointee
    let rate = Double(max(1, stream.sampleRate))
    let whole = max(p.duration, stream.timeBase.ticks(fromSeconds: Double(stream.frameSamples) / rate))
    var shown = whole
    if let end = statedEnd, p.pts != unknownTime, end > p.pts { shown = min(shown, end &- p.pts) }
    return (whole, min(shown, whole &- stream.timeBase.ticks(fromSeconds: Double(packet.trailingPadding) / rate)))
  }

  /// Sound ends where the edit list, or the padding that the packet states, says so.
  private mutating func trimEnd(_ packet: Packet, _ stream: StreamInfo) {
    let p = packet.pointer
    guard stream.sampleRate > 0, p.pointee.pts != unknownTime else { return }
    let rate = Double(stream.sampleRate)
    let (whole, length) = HiddenPackets.lengths(of: packet, stream, statedEnd: source.statedEnds[stream.index])
    // Else MP4 would hide the last packet, whose length Matroska does not tell.
    if p.pointee.duration <= 0, container.isISOMedia {
      p.pointee.duration = whole > 0 ? whole : lastTimes[stream.index].map { max(0, p.pointee.pts &- $0) } ?? 0
    }
    lastTimes[stream.index] = p.pointee.pts
    let surplus = stream.timeBase.seconds(whole &- length)
    // Movie clocks of milliseconds round the end.
    guard length > 0, surplus > 0.0015 else { return }
    p.pointee.duration = length
    let count = Int(min(1e9, surplus * rate).rounded())
    // What the packet says already is exact to the sample.
    if container.isMatroska, packet.trailingPadding == 0 { packet.trailingPadding = count }
    if !container.isMatroska, !container.isISOMedia { heardEnds[stream.index] = count }
  }
}

extension Container {
  /// Whether sound of this time, on the output's clock, is marked as not to be heard.
  func hides(_ time: Int64) -> Bool { isISOMedia && !isFragmented && time < 0 }
}
