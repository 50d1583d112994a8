/// One display for several clips, one after the other: the bar runs once, over all of them.
final class BatchDisplay: ProgressDisplay {
  /// What a clip is expected to take, in any unit common to all, and its frames; nil where its headers do not tell.
  struct Load {
    var work: Double
    var frames: Int
  }

  private let inner: any ProgressDisplay
  private let loads: [Load?]
  private let began = ContinuousClock.now
  private var current = 0
  private var done = Advance()

  /// - Parameter loads: of the clips that will be worked on, in their order.
  init(_ inner: any ProgressDisplay, loads: [Load?]) {
    (self.inner, self.loads) = (inner, loads)
  }

  var interval: Duration { inner.interval }

  func show(_ advance: Advance) { inner.show(whole(advance)) }

  /// A clip is finished, well or not; the next one follows.
  func next(after advance: Advance) {
    done.frames += advance.frames
    done.clipSeconds += advance.clipSeconds
    done.bytes += advance.bytes
    current += 1
  }

  func finish(_ advance: Advance) { inner.show(whole(advance)) }

  /// All clips are done.
  func end() { inner.finish(whole(Advance())) }

  func whole(_ advance: Advance) -> Advance {
    var whole = Advance()
    whole.frames = done.frames + advance.frames
    whole.clipSeconds = done.clipSeconds + advance.clipSeconds
    whole.bytes = done.bytes + advance.bytes
    whole.elapsed = (ContinuousClock.now - began) / .seconds(1)
    whole.clip = (min(current + 1, loads.count), loads.count)
    let known = loads.compactMap(\.self)
    guard known.count == loads.count else { return whole }
    whole.expectedFrames = max(whole.frames, known.reduce(0) { $0 + $1.frames })
    let work = known.prefix(current).reduce(0) { $0 + $1.work }
    let here = current < known.count ? known[current].work * (advance.fraction ?? 0) : 0
    let all = known.reduce(0) { $0 + $1.work }
    whole.share = all > 0 ? min(1, (work + here) / all) : 1
    return whole
  }
}
