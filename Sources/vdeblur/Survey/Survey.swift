import Deblur
import VideoIO

/// A quick look over a clip: what the network would change at some frames spread evenly over it.
///
/// Short clips are read from end to end. In long ones each frame is sought, since decoding alone would take minutes.
struct Survey: Sendable {
  /// How thorough to be.
  struct Effort {
    /// Frames that are looked at.
    var samples: Int
    /// The clip is read from end to end if it has no more frames than this.
    var readsWhole: Int
    /// Look for cuts, which takes every frame's picture.
    var findsCuts = false
    /// Seconds after which it is enough, once four frames are known.
    var patience: Double?

    /// A few seconds: for a sentence.
    static let sentence = Effort(samples: 16, readsWhole: 400, patience: 8)
    /// For a plot, with cuts: up to three minutes of clip at 30 frames a second are read as a whole.
    static let plot = Effort(samples: 100, readsWhole: 5400, findsCuts: true)
  }

  /// By time.
  private(set) var findings: [FrameProbe.Finding] = []
  /// Times of the first frames after cuts; nil where they were not looked for.
  private(set) var cuts: [Double]?
  /// Whether every frame was looked at, not some of them.
  private(set) var isWhole = false
  /// The part of the clip that was looked over, in seconds.
  private(set) var span: ClosedRange<Double>

  /// - Parameters:
  ///   - segment: nil for all of the clip.
  ///   - display: shows how many frames are read or sought.
  /// - Throws: `VideoError` if the clip cannot be read, `DeblurError`.
  init(
    of path: String, _ input: InputArguments, segment: Segment?, by deblurrer: Deblurrer, _ effort: Effort,
    display: (any ProgressDisplay)? = nil
  ) throws {
    let source = try Self.open(path, input, segment)
    let frame = source.firstFrame
    let probe = FrameProbe(deblurrer, width: frame.width, height: frame.height)
    let video = source.info.video
    let start = segment?.start ?? 0
    let end = min(segment?.end ?? .infinity, video.duration ?? source.info.duration ?? .infinity)
    let frames = source.info.estimatedFrames
    if let frames, frames > effort.readsWhole, end.isFinite, end > start {
      span = start...end
      try seek(path, input, probe, effort, display)
    } else {
      span = start...max(start, end.isFinite ? end : start)
      try read(source, probe, effort, display)
    }
  }

  /// Every frame in turn; some, evenly spread, are looked at.
  private mutating func read(
    _ source: Source, _ probe: FrameProbe, _ effort: Effort, _ display: (any ProgressDisplay)?
  ) throws {
    let expected = source.info.estimatedFrames
    let progress = Progress(expectedFrames: expected, display: display, report: nil)
    let step = max(1, min(expected ?? effort.readsWhole, effort.readsWhole) / effort.samples)
    var scenes = SceneCuts()
    var found: [Double] = []
    // The last frame but one, the last one, and whether the last is to be looked at.
    var (older, last): (Frame?, Frame?)
    var (index, shown) = (0, 0)
    func look(next: Frame?) throws {
      guard let frame = last, !frame.isContext else { return }
      findings.append(
        try probe.find(
          previous: older.map(source.tensors.tensor), current: source.tensors.tensor(of: frame),
          next: next.map(source.tensors.tensor), at: source.position(of: frame)))
    }
    while index < effort.readsWhole, let frame = try source.nextFrame() {
      if effort.findsCuts, scenes.isCut(before: probe.reduced(try source.tensors.tensor(of: frame))) {
        found.append(source.position(of: frame))
      }
      // The frame before this one has both its neighbours now.
      if index > 0, (index - 1) % step == step / 2 { try look(next: frame) }
      (older, last) = (last, frame)
      index += 1
      if !frame.isContext { shown += 1 }
      try progress.wroteFrame(time: frame.time, duration: frame.durationInSeconds, bytes: 0)
    }
    if findings.isEmpty || (index - 1) % step == step / 2 { try look(next: nil) }
    isWhole = index < effort.readsWhole && findings.count == shown
    cuts = effort.findsCuts ? found : nil
    if let last { span = span.lowerBound...max(span.upperBound, source.position(of: last)) }
    try progress.finish(bytes: 0)
  }

  /// Some moments, in an order that covers the whole at once and then ever more closely.
  private mutating func seek(
    _ path: String, _ input: InputArguments, _ probe: FrameProbe, _ effort: Effort, _ display: (any ProgressDisplay)?
  ) throws {
    let progress = Progress(expectedFrames: effort.samples, display: display, report: nil)
    let began = ContinuousClock.now
    let order = (0..<effort.samples).sorted { UInt32($0).bitsReversed < UInt32($1).bitsReversed }
    for place in order {
      let share = (Double(place) + 0.5) / Double(effort.samples)
      let time = span.lowerBound + share * (span.upperBound - span.lowerBound)
      if let finding = try Self.find(at: time, of: path, input, probe) { findings.append(finding) }
      try progress.wroteFrame(time: time, duration: 0, bytes: 0)
      if let patience = effort.patience, findings.count >= 4, began.duration(to: .now) > .seconds(patience) { break }
    }
    findings.sort { $0.time < $1.time }
    try progress.finish(bytes: 0)
  }

  /// Silently: warnings come once, from the run itself.
  private static func open(_ path: String, _ input: InputArguments, _ segment: Segment?) throws -> Source {
    try Source(
      path: path, segment: segment, strict: input.strict, memoryLimit: input.memoryLimit?.bytes,
      isProgressive: input.progressive, videoStream: input.videoStream
    ) { _ in }
  }

  /// nil where the clip has no picture from there on.
  private static func find(
    at time: Double, of path: String, _ input: InputArguments, _ probe: FrameProbe
  ) throws -> FrameProbe.Finding? {
    do {
      let source = try open(path, input, Segment(start: time))
      var previous: Frame?
      var current = try source.nextFrame()
      if let frame = current, frame.isContext { (previous, current) = (frame, try source.nextFrame()) }
      guard let current else { return nil }
      let next = try source.nextFrame()
      return try probe.find(
        previous: previous.map(source.tensors.tensor), current: source.tensors.tensor(of: current),
        next: next.map(source.tensors.tensor), at: source.position(of: current))
    } catch let error as VideoError where error.kind == .unsupported {
      return nil
    }
  }
}

extension Survey {
  /// From what was found elsewhere.
  init(findings: [FrameProbe.Finding], isWhole: Bool, cuts: [Double]?, span: ClosedRange<Double>) {
    (self.findings, self.isWhole, self.cuts, self.span) = (findings, isWhole, cuts, span)
  }

  /// Where a stretch of the clip begins in which most would change.
  /// - Parameter seconds: its length.
  func strongest(lasting seconds: Double) -> Double {
    let last = max(span.lowerBound, span.upperBound - seconds)
    let best = findings.max { meanChange(around: $0.time, seconds) < meanChange(around: $1.time, seconds) }
    return min(max(span.lowerBound, (best?.time ?? span.lowerBound) - seconds / 2), last)
  }

  /// Mean of the changes found in a stretch around a moment.
  func meanChange(around time: Double, _ seconds: Double) -> Double {
    let near = findings.filter { abs($0.time - time) <= seconds / 2 }.map(\.change)
    return near.isEmpty ? 0 : near.reduce(0, +) / Double(near.count)
  }

  /// The moments that would change most, apart from each other, by time.
  func strongest(count: Int) -> [FrameProbe.Finding] {
    let apart = (span.upperBound - span.lowerBound) / Double(3 * count)
    var chosen: [FrameProbe.Finding] = []
    for finding in findings.sorted(by: { $0.change > $1.change }) where chosen.count < count {
      if chosen.allSatisfy({ abs($0.time - finding.time) >= apart }) { chosen.append(finding) }
    }
    return chosen.sorted { $0.time < $1.time }
  }
}

extension UInt32 {
  fileprivate var bitsReversed: UInt32 {
    (0..<32).reduce(0) { $0 | ((self >> UInt32($1)) & 1) << UInt32(31 - $1) }
  }
}
