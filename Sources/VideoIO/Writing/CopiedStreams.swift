internal import CFFmpeg

/// Reads the streams that are copied, from a second opening of the source, in step with the pictures: memory does not grow with the distance
/// between a file's sound and its pictures.
final class CopiedStreams {
  private let demuxer: Demuxer
  private let wanted: Set<Int>
  private let source: SourceInfo
  private var ahead: Packet?
  private var isAtEnd = false

  /// nil when nothing is copied or the source can be read only once.
  init?(_ source: SourceInfo, wanted: Set<Int>) throws(VideoError) {
    guard !wanted.isEmpty, source.isReopenable else { return nil }
    demuxer = try Demuxer(reopening: source)
    self.wanted = wanted
    self.source = source
    demuxer.select { wanted.contains($0) }
    if let segment = source.segmentTicks {
      let base = source.video.timeBase
      let start = segment.lowerBound &- base.ticks(fromSeconds: 2)
      let stream = wanted.first { source.streams[$0].kind == .audio } ?? wanted.min()!
      _ = demuxer.seek(stream: stream, to: base.ticks(start, in: source.streams[stream].timeBase))
    }
  }

  /// Hands on the packets whose time is before `time` seconds (nil: all the rest).
  func read(until time: Double?, _ body: (Packet) throws(VideoError) -> Void) throws(VideoError) {
    while !isAtEnd {
      if ahead == nil { ahead = nextWanted() }
      guard let packet = ahead else { return }
      let stream = source.streams[packet.streamIndex]
      if let time, packet.sortingTime != unknownTime, stream.timeBase.seconds(packet.sortingTime) > time { return }
      ahead = nil
      try body(packet)
    }
  }

  private func nextWanted() -> Packet? {
    var failures = 0
    while true {
      switch demuxer.read() {
      case .end:
        isAtEnd = true
        return nil
      case .damaged(let code):
        failures += 1
        if failures > 32 || code == cff_error(EIO) {
          isAtEnd = true
          return nil
        }
      case .packet(let packet):
        if wanted.contains(packet.streamIndex) { return packet }
      }
    }
  }
}
