internal import CFFmpeg

/// Keeps the decoding times of a copied stream rising, as every container demands.
struct CopyTimes {
  private let secondTicks: Int64
  /// The usual distance of two packets of a video, and how far decoding runs ahead of showing; 0 for other streams.
  private let frameTicks: Int64
  private let delayTicks: Int64
  private var last: Int64?
  private var offset: Int64 = 0

  init(_ stream: UnsafeMutablePointer<AVStream>) {
    let timeBase = Rational(stream.pointee.time_base)
    secondTicks = max(1, timeBase.ticks(fromSeconds: 1))
    let rate = Rational(stream.pointee.avg_frame_rate).value
    let par = stream.pointee.codecpar.pointee
    frameTicks = par.codec_type == AVMEDIA_TYPE_VIDEO && rate > 0 ? timeBase.ticks(fromSeconds: 1 / rate) : 0
    delayTicks = frameTicks * Int64(min(16, max(0, par.video_delay)))
  }

  mutating func repair(_ packet: Packet) {
    let p = packet.pointer
    p.pointee.dts = plausible(p.pointee.dts)
    p.pointee.pts = plausible(p.pointee.pts)
    if p.pointee.dts == unknownTime {
      // Matroska has presentation times only; where pictures are reordered, decoding must come before them.
      let next = last.map { $0 &+ max(1, frameTicks) &- offset }
      if p.pointee.pts == unknownTime {
        p.pointee.dts = next ?? 0
      } else {
        p.pointee.dts = min(p.pointee.pts, delayTicks == 0 ? p.pointee.pts : next ?? (p.pointee.pts &- delayTicks))
      }
    }
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
