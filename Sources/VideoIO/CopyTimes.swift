/// Keeps the decoding times of a copied stream rising, as every container demands.
struct CopyTimes {
  private let secondTicks: Int64
  private var last: Int64?
  private var offset: Int64 = 0

  init(timeBase: Rational) { secondTicks = max(1, timeBase.ticks(fromSeconds: 1)) }

  mutating func repair(_ packet: Packet) {
    let p = packet.pointer
    if p.pointee.dts == unknownTime { p.pointee.dts = p.pointee.pts }
    if p.pointee.dts == unknownTime { p.pointee.dts = last.map { $0 + 1 - offset } ?? 0 }
    if p.pointee.pts == unknownTime { p.pointee.pts = p.pointee.dts }
    p.pointee.dts += offset
    p.pointee.pts += offset
    if let last, p.pointee.dts <= last {
      // A clock that fell back by more than a second has wrapped or restarted: go on from there.
      let step = last - p.pointee.dts > secondTicks ? last + max(1, p.pointee.duration) - p.pointee.dts : last + 1 - p.pointee.dts
      if step > secondTicks { offset += step }
      p.pointee.dts += step
      p.pointee.pts = step > secondTicks ? p.pointee.pts + step : max(p.pointee.pts, p.pointee.dts)
    }
    last = p.pointee.dts
  }
}
