/// The sliding window over a clip: frames go in, in display order; each comes out deblurred with its two neighbours,
/// one step later.
///
/// At the clip's ends and at scene cuts, and where the frame size changes, a frame has no neighbour on that side.
/// Whatever belongs to a frame (its time, its side data) travels with it as payload.
///
///     var window = FrameWindow<Double>(deblurrer)
///     for (frame, time) in clip {
///       if let output = try window.push(frame, time) { write(output) }
///     }
///     if let output = try window.finish() { write(output) }
public struct FrameWindow<Payload> {
  /// A deblurred frame with what belongs to it.
  public struct Output {
    /// The deblurred frame, [H, W, 3] in 0…1.
    public let restored: Tensor
    /// The frame as it was given.
    public var original: Tensor { frame.frame }
    /// What was given with the frame.
    public let payload: Payload
    fileprivate let frame: PreparedFrame
  }

  /// A frame and its neighbours, the motion between them known: what is left is to restore it, on any thread.
  public struct Match {
    let frames: MatchedFrames
    let payload: Payload
    let deblurrer: Deblurrer

    /// - Throws: ``DeblurError``.
    public func restored() throws(DeblurError) -> Output {
      Output(restored: try deblurrer.restore(frames), payload: payload, frame: frames.middle)
    }
  }

  /// Scene cuts met so far.
  public private(set) var cuts = 0

  private let deblurrer: Deblurrer
  /// The frame before `middle`, unless a cut lies between them.
  private var previous: PreparedFrame?
  /// The youngest frame, waiting for its next one.
  private var middle: Entry?

  private struct Entry {
    let frame: PreparedFrame
    let payload: Payload
    let isWanted: Bool
  }

  /// An empty window, ready for the first frame of a clip.
  public init(_ deblurrer: Deblurrer) {
    self.deblurrer = deblurrer
  }

  /// Takes the next frame, [H, W, 3] RGB in 0…1, which must not be changed afterwards.
  /// - Parameter wanted: false for a frame that only serves the others as neighbour: it never comes out.
  /// - Returns: the frame before it, deblurred; nil if there is none or it was not wanted.
  /// - Throws: ``DeblurError``.
  public mutating func push(_ frame: Tensor, _ payload: Payload, wanted: Bool = true) throws(DeblurError) -> Output? {
    try match(frame, payload, wanted: wanted)?.restored()
  }

  /// Deblurs the clip's last frame; nil if there is none or it was not wanted. The window is ready for another clip
  /// then.
  /// - Throws: ``DeblurError``.
  public mutating func finish() throws(DeblurError) -> Output? { try finishMatching()?.restored() }

  /// The first half of ``push(_:_:wanted:)``: while another thread does the second, ``Match/restored()``, this one goes
  /// on with the next frame.
  public mutating func match(_ frame: Tensor, _ payload: Payload, wanted: Bool = true) throws(DeblurError) -> Match? {
    let next = Entry(frame: try deblurrer.prepare(frame), payload: payload, isWanted: wanted)
    guard let middle else {
      self.middle = next
      return nil
    }
    let isCut = SceneCut.separates(middle.frame.thumbnail, next.frame.thumbnail)
    let match = match(middle, next: isCut ? nil : next.frame)
    if isCut { cuts += 1 }
    previous = isCut ? nil : middle.frame
    self.middle = next
    return match
  }

  /// The first half of ``finish()``.
  public mutating func finishMatching() -> Match? {
    guard let middle else { return nil }
    let match = match(middle, next: nil)
    (previous, self.middle) = (nil, nil)
    return match
  }

  private func match(_ entry: Entry, next: PreparedFrame?) -> Match? {
    guard entry.isWanted else { return nil }
    let frames = deblurrer.match(previous: previous, middle: entry.frame, next: next)
    return Match(frames: frames, payload: entry.payload, deblurrer: deblurrer)
  }
}

extension FrameWindow.Match: Sendable where Payload: Sendable {}
