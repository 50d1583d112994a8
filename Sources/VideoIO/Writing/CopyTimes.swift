internal import CFFmpeg

/// Keeps the decoding times of a copied stream rising, as its container demands. Works on the output's clock, so that a step is as small as
/// that clock allows.
struct CopyTimes {
  private let secondTicks: Int64
  /// The smallest step between two packets: 0 where a container takes equal times (AVFMT_TS_NONSTRICT).
  private let step: Int64
  /// The usual distance of two packets of a video, and how far decoding runs ahead of showing; 0 for other streams.
  private let frameTicks: Int64
  private let delayTicks: Int64
  private var last: Int64?
  private var offset: Int64 = 0

  /// - Parameters:
  ///   - source: tells rate and reordering.
  ///   - timeBase: the output's.
  init(_ source: UnsafeMutablePointer<AVStream>, timeBase: Rational, isStrict: Bool) {
    secondTicks = max(1, timeBase.ticks(fromSeconds: 1))
    step = isStrict ? 1 : 0
    let rate = Rational(source.pointee.avg_frame_rate).value
    let par = source.pointee.codecpar.pointee
    frameTicks =
      par.codec_type == AVMEDIA_TYPE_VIDEO && rate > 0 ? min(timeBase.ticks(fromSeconds: 1 / rate), 1 << 40) : 0
    delayTicks = frameTicks * Int64(min(16, max(0, par.video_delay)))
  }

  mutating func repair(_ packet: Packet) {
    let p = packet.pointer
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
    if let last, p.pointee.dts < last &+ step {
      // A clock that fell back by more than a second has wrapped or restarted: go on from there.
      let hasRestarted = last &- p.pointee.dts > secondTicks
      let lift = last &- p.pointee.dts &+ (hasRestarted ? max(1, p.pointee.duration) : step)
      if hasRestarted { offset &+= lift }
      p.pointee.dts &+= lift
      p.pointee.pts = hasRestarted ? p.pointee.pts &+ lift : max(p.pointee.pts, p.pointee.dts)
    }
    last = p.pointee.dts
  }
}
