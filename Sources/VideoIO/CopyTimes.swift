/// Keeps the decoding times of a copied stream rising, as every container demands.
struct CopyTimes {
  private let secondTicks: Int64
  private var last: Int64?
  private var offset: Int64 = 0

  init(timeBase: Rational) { secondTicks = max(1, timeBase.ticks(fromSeconds: 1)) }

  mutating func repair(_ packet: Packet) {
    let p = packet.pointer
    p.pointee.dts = plausible(p.pointee.dts)
    p.pointee.pts = plausible(p.pointee.pts)
    if p.pointee.dts == unknownTime { p.pointee.dts = p.pointee.pts }
    if p.pointee.dts == unknownTime { p.pointee.dts = last.map { $0 &+ 1 &- offset } ?? 0 }
    if p.pointee.pts == unknownTime { p.pointee.pts = p.pointee.dts }
    p.pointee.dts &+= offset
    p.pointee.pts &+= offset
    if let last, p.pointee.dts <= last {
      // A clock that fell back by more than a second has wrapped or restarted: go on from there.
      let hasRestarted = last &- p.pointee.dts > secondTicks
      let step = last &- p.pointee.dts &+ (hasRestarted ? max(1, p.pointee.duration) : 1)
      if hasRestarted { offset &+= step }
      p.pointee.dts &+= step
      p.pointee.pts = hasRestarted ? p.pointee.pts &+ step : max(p.pointee.pts, p.pointee.dts)
    }
    last = p.pointee.dts
  }
}
