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

  /// Sound ends where the edit list, or the padding that the packet states, says so.
  private mutating func trimEnd(_ packet: Packet, _ stream: StreamInfo) {
    let p = packet.pointer
    guard stream.sampleRate > 0, p.pointee.pts != unknownTime else { return }
    let rate = Double(stream.sampleRate)
    let whole = max(p.pointee.duration, stream.timeBase.ticks(fromSeconds: Double(stream.frameSamples) / rate))
    var length = whole
    if let end = source.statedEnds[stream.index], end > p.pointee.pts { length = min(length, end &- p.pointee.pts) }
    length = min(length, whole &- stream.timeBase.ticks(fromSeconds: Double(packet.trailingPadding) / rate))
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
