/// Gives every frame a time later than the frame before.
///
/// A time that is missing becomes one frame after the last; equal or slightly backward times become one tick after the last; a clock that jumps
/// back by more than a second has wrapped or restarted, and what follows is moved so that it continues.
struct TimestampRepair {
  /// The usual distance of two frames in ticks, at least 1.
  let frameTicks: Int64
  /// Ticks in a second, at least 1.
  let secondTicks: Int64
  private(set) var last: Int64?
  private(set) var repaired = 0
  private var offset: Int64 = 0

  init(timeBase: Rational, frameRate: Rational) {
    let frame = frameRate.isKnown && frameRate.value > 0 ? 1 / frameRate.value : 0.04
    frameTicks = min(max(1, timeBase.ticks(fromSeconds: frame)), 1 << 40)
    secondTicks = min(max(1, timeBase.ticks(fromSeconds: 1)), 1 << 40)
  }

  mutating func repair(_ stated: Int64) -> Int64 {
    let time = plausible(stated)
    guard let last else {
      if time == unknownTime { repaired += 1 }
      let first = time == unknownTime ? 0 : time
      self.last = first
      return first
    }
    var result = time == unknownTime ? last &+ frameTicks : time &+ offset
    if time == unknownTime { repaired += 1 }
    if result <= last {
      repaired += 1
      if last &- result > secondTicks {
        offset = offset &+ last &+ frameTicks &- result
        result = last &+ frameTicks
      } else {
        result = last &+ 1
      }
    }
    self.last = result
    return result
  }
}
