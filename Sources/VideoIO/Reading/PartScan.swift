internal import CFFmpeg

extension Parts {
  /// Divides a clip by reading its packets, without decoding: parts of at most `length` frames that begin at the source's own key frames where
  /// there is one in their second half, since an encoder before us has found something new there.
  /// - Parameters:
  ///   - length: frames, 2 to ``longest``.
  ///   - seeks: false to decode every part from the beginning of the clip.
  /// - Returns: nil for a pipe, which cannot be read beforehand.
  public init?(of source: SourceInfo, length: Int = Parts.longest, seeks: Bool = true) throws(VideoError) {
    guard source.isReopenable else { return nil }
    let scan = try PacketScan(source)
    let isOrdered = scan.isOrdered
    let total =
      isOrdered ? scan.times.count : max(1, source.segment == nil ? scan.times.count : source.estimatedFrames ?? 1)
    let cuts = isOrdered ? Parts.cuts(scan.isKey, length: length) : Array(stride(from: length, to: total, by: length))
    clock = isOrdered ? .ticks : .frames
    starts = cuts.map { isOrdered ? scan.times[$0] : Int64($0) }
    lengths = zip([0] + cuts, cuts + [total]).map { $1 - $0 }
    packets = scan.packets
    self.seeks = seeks && isOrdered && scan.canSeek
  }

  /// The frames, in display order, at which parts after the first begin.
  private static func cuts(_ isKey: [Bool], length: Int) -> [Int] {
    var cuts: [Int] = []
    var start = 0
    while isKey.count - start > length {
      let rest = isKey.count - start
      let cut: Int
      if rest < length + length / 2 {
        // Two middling parts instead of a long one and a scrap.
        cut = start + (rest + 1) / 2
      } else {
        cut = ((start + length / 2 + 1)...(start + length)).last { isKey[$0] } ?? start + length
      }
      cuts.append(cut)
      start = cut
    }
    return cuts
  }
}

/// What the packets of the main video say of its frames.
private struct PacketScan {
  /// Presentation times inside the segment, in display order.
  private(set) var times: [Int64] = []
  /// By the same order.
  private(set) var isKey: [Bool] = []
  /// Whether every time is known and no two are equal, so that a frame's time tells its part.
  private(set) var isOrdered = true
  let canSeek: Bool
  let packets: Int?

  /// Frames by which decoding order may differ from display order; a clock that restarts puts frames much farther from their places.
  private static let reach = 64

  init(_ source: SourceInfo) throws(VideoError) {
    let demuxer = try Demuxer(reopening: source)
    let (main, base) = (source.video.index, source.video.timeBase)
    demuxer.select { $0 == main }
    canSeek = demuxer.canSeek
    let window = source.segment.map { _ in source.shownTicks }
    // A segment of a long file is looked at alone, from a key frame a little before it.
    let start = window.map { $0.lowerBound &- base.ticks(fromSeconds: 2) }
    let hasSought =
      start.map {
        $0 > (source.video.startTime.map(base.ticks(fromSeconds:)) ?? 0) && demuxer.seek(stream: main, to: $0)
      } ?? false
    let end = window.map { $0.upperBound == .max ? Int64.max : $0.upperBound &+ base.ticks(fromSeconds: 2) } ?? .max
    var found: [(time: Int64, isKey: Bool, place: Int)] = []
    var (count, failures, last) = (0, 0, Int64.min)
    reading: while true {
      switch demuxer.read() {
      case .end: break reading
      case .damaged(let code):
        failures += 1
        isOrdered = false
        if failures > 32 || code == cff_error(EIO) { break reading }
      case .packet(let packet):
        guard packet.streamIndex == main else { continue }
        count += 1
        failures = 0
        let p = packet.pointer.pointee
        if p.dts != unknownTime {
          if p.dts < last { isOrdered = false }
          last = p.dts
          if last >= end { break reading }
        }
        // What an edit list hides is decoded but not shown.
        if p.flags & AV_PKT_FLAG_DISCARD != 0 { continue }
        if plausible(p.pts) == unknownTime { isOrdered = false }
        found.append((plausible(p.pts), p.flags & AV_PKT_FLAG_KEY != 0, found.count))
      }
    }
    found.sort { ($0.time, $0.place) < ($1.time, $1.place) }
    for (rank, frame) in found.enumerated() {
      if abs(frame.place - rank) > PacketScan.reach || (rank > 0 && found[rank - 1].time == frame.time) {
        isOrdered = false
      }
      if isOrdered, let window, !window.contains(frame.time) { continue }
      times.append(frame.time)
      isKey.append(frame.isKey)
    }
    packets = hasSought || source.segment.map { $0.start > 0 } ?? false ? nil : count
  }
}

extension Demuxer {
  /// A second reading of a source.
  /// - Throws: if the file is another one by now.
  convenience init(reopening source: SourceInfo) throws(VideoError) {
    try self.init(source: source.source, maximumPixels: source.memoryLimit.maximumPixels)
    guard streams.map(\.codec) == source.streams.map(\.codec) else {
      throw VideoError(.input, file: source.path, "has changed while it was read")
    }
  }
}
