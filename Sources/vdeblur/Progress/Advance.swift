/// How far a run has come: what every form of progress is drawn from.
struct Advance: Sendable {
  /// Pictures written so far, and in all where that is known beforehand.
  var frames = 0
  var expectedFrames: Int?
  /// Pictures that an earlier run has written: they are done, but say nothing of the pace.
  var framesBefore = 0
  /// Seconds of the clip that are done, counted from where the run began.
  var clipSeconds = 0.0
  /// Bytes handed to the output.
  var bytes = 0
  /// Wall-clock seconds since the pipeline started.
  var elapsed = 0.0
  /// Which of several clips is being worked on, from 1, and how many there are.
  var clip: (number: Int, count: Int)?
  /// How much of the whole work is done, from 0 to 1, where frames alone do not tell: clips differ in size.
  var share: Double?

  var framesPerSecond: Double { elapsed > 0 ? Double(frames - framesBefore) / elapsed : 0 }

  /// Seconds of clip per second of work.
  var speed: Double { elapsed > 0 ? clipSeconds / elapsed : 0 }

  /// From 0 to 1. The expected count is an estimate for clips with uneven frame times: never more than all.
  var fraction: Double? {
    if let share { return share }
    guard let expectedFrames, expectedFrames > 0 else { return nil }
    return min(1, Double(frames) / Double(expectedFrames))
  }

  /// Seconds still to go at the mean pace so far.
  var remaining: Double? {
    guard let fraction, let expectedFrames, frames > framesBefore else { return nil }
    return elapsed * (1 - fraction) * Double(expectedFrames) / Double(frames - framesBefore)
  }
}
