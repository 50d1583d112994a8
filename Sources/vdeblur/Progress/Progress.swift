/// Takes note of finished frames and tells people and programs about it.
///
/// Used by the writing thread alone. Nothing ticks in the background: a finished frame is news, waiting is not.
final class Progress {
  private var advance: Advance
  private var firstTime: Double?
  private let began = ContinuousClock.now
  private let display: (any ProgressDisplay)?
  private let report: ProgressReport?
  private var nextDisplay = ContinuousClock.now
  private var nextReport = ContinuousClock.now

  /// - Parameters:
  ///   - expectedFrames: how many frames will come, if that is known.
  ///   - framesBefore: how many of them an earlier run has written.
  ///   - display: for people, nil to stay quiet.
  ///   - report: for programs.
  init(
    expectedFrames: Int?, framesBefore: Int = 0, display: (any ProgressDisplay)?, report: ProgressReport?
  ) {
    advance = Advance(frames: framesBefore, expectedFrames: expectedFrames, framesBefore: framesBefore)
    self.display = display
    self.report = report
    display?.show(advance)
  }

  /// The size of what is complete beside the output whose size `wroteFrame` is told.
  var bytesBefore = 0

  /// What has been reached, for the closing line.
  var summary: Advance { advance }

  /// A frame was written. `bytes` is the size of the output so far, `time` and `duration` the frame's, in seconds.
  func wroteFrame(time: Double, duration: Double, bytes: Int) throws {
    let first = firstTime ?? time
    firstTime = first
    advance.frames += 1
    advance.clipSeconds = max(advance.clipSeconds, time - first + duration)
    advance.bytes = bytesBefore + bytes
    let now = ContinuousClock.now
    advance.elapsed = (now - began) / .seconds(1)
    if let display, now >= nextDisplay {
      display.show(advance)
      nextDisplay = now + display.interval
    }
    if let report, now >= nextReport {
      try report.write(advance, ended: false)
      nextReport = now + .milliseconds(500)  // ffmpeg's own period
    }
  }

  /// All is written; `bytes` is the final size.
  func finish(bytes: Int) throws {
    advance.bytes = bytes
    advance.elapsed = (ContinuousClock.now - began) / .seconds(1)
    advance.expectedFrames = advance.frames
    display?.finish(advance)
    try report?.write(advance, ended: true)
  }
}

/// One way of showing progress to people.
protocol ProgressDisplay {
  /// The least time between two pictures of it.
  var interval: Duration { get }
  func show(_ advance: Advance)
  func finish(_ advance: Advance)
}
