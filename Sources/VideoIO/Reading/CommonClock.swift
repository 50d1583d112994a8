internal import CFFmpeg

/// One clock for all streams of a recording whose clock restarts, as where two are joined by `cat`: from there on all of them move by one offset,
/// which lets the new part begin where the old one ended.
///
/// A stream passes to the new clock with its first packet that falls back; packets of the old part may still follow in other streams. Two readings
/// of the same bytes from the beginning find the same offsets.
struct CommonClock {
  private struct Place {
    /// How many restarts it has passed.
    var part: Int
    var last: Int64?
    /// The time before a leap forward that nothing has confirmed yet.
    var beforeLeap: Int64?
  }

  /// Ticks of 1/90000 s to add, by part.
  private var offsets: [Int64] = [0]
  private var places: [Int: Place] = [:]
  /// The latest end of a packet.
  private var end = Int64.min

  var hasRestarted: Bool { offsets.count > 1 }

  private static let base = Rational(1, 90_000)
  /// Decoding times of a stream never fall back by as much; and what leaps as far forward and comes back was damaged.
  private static let fall: Int64 = 45_000, leap: Int64 = 900_000

  /// Moves a packet's times to the common clock.
  mutating func place(_ packet: Packet, of kind: StreamKind, in timeBase: Rational) {
    let time = plausible(packet.sortingTime)
    guard time != unknownTime else { return }
    var part = offsets.count - 1
    if kind == .video || kind == .audio {
      let stated = timeBase.ticks(time, in: CommonClock.base)
      let length = timeBase.ticks(packet.pointer.pointee.duration, in: CommonClock.base)
      part = follow(packet.streamIndex, stated, length: max(0, length))
    }
    guard offsets[part] != 0 else { return }
    let offset = CommonClock.base.ticks(offsets[part], in: timeBase)
    if packet.pointer.pointee.pts != unknownTime { packet.pointer.pointee.pts &+= offset }
    if packet.pointer.pointee.dts != unknownTime { packet.pointer.pointee.dts &+= offset }
  }

  /// The part to which a packet of a stream belongs.
  private mutating func follow(_ stream: Int, _ stated: Int64, length: Int64) -> Int {
    var place = places[stream] ?? Place(part: offsets.count - 1)
    var time = stated &+ offsets[place.part]
    if let last = place.last, time < last - CommonClock.fall {
      let wasLeap = place.beforeLeap.map { abs(time - $0) < CommonClock.leap } ?? false
      if !wasLeap {
        place.part += 1
        if place.part == offsets.count { offsets.append(end &- stated) }
        time = stated &+ offsets[place.part]
      }
      place.beforeLeap = nil
    } else if let last = place.last {
      place.beforeLeap = time > last + CommonClock.leap ? last : nil
    }
    place.last = time
    if place.beforeLeap == nil { end = max(end, time &+ length) }
    places[stream] = place
    return place.part
  }
}
