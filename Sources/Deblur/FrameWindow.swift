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
  public struct Output {
    /// The deblurred frame, [H, W, 3] in 0…1.
    public let restored: Tensor
    /// The frame as it was given.
    public var original: Tensor { frame.frame }
    public let payload: Payload
    private let frame: PreparedFrame

    fileprivate init(restored: Tensor, frame: PreparedFrame, payload: Payload) {
      self.restored = restored
      self.frame = frame
      self.payload = payload
    }
  }

  /// Scene cuts met so far.
  public private(set) var cuts = 0

  private let deblurrer: Deblurrer
  /// The frame before `current`, unless a cut lies between them.
  private var previous: PreparedFrame?
  /// The youngest frame, waiting for its successor.
  private var current: Entry?

  private struct Entry {
    let frame: PreparedFrame
    let payload: Payload
    let isWanted: Bool
  }

  public init(_ deblurrer: Deblurrer) {
    self.deblurrer = deblurrer
  }

  /// Takes the next frame, [H, W, 3] RGB in 0…1, which must not be changed afterwards.
  /// - Parameter wanted: false for a frame that only serves the others as neighbour: it never comes out.
  /// - Returns: the frame before it, deblurred; nil if there is none or it was not wanted.
  /// - Throws: ``DeblurError``.
  public mutating func push(_ frame: Tensor, _ payload: Payload, wanted: Bool = true) throws(DeblurError) -> Output? {
    let next = Entry(frame: try deblurrer.prepare(frame), payload: payload, isWanted: wanted)
    guard let current else {
      self.current = next
      return nil
    }
    let isCut = SceneCut.separates(current.frame.thumbnail, next.frame.thumbnail)
    let output = try restore(current, next: isCut ? nil : next.frame)
    if isCut { cuts += 1 }
    previous = isCut ? nil : current.frame
    self.current = next
    return output
  }

  /// Deblurs the clip's last frame; nil if there is none or it was not wanted. The window is ready for another clip
  /// then.
  /// - Throws: ``DeblurError``.
  public mutating func finish() throws(DeblurError) -> Output? {
    guard let current else { return nil }
    let output = try restore(current, next: nil)
    (previous, self.current) = (nil, nil)
    return output
  }

  private func restore(_ entry: Entry, next: PreparedFrame?) throws(DeblurError) -> Output? {
    guard entry.isWanted else { return nil }
    let restored = try deblurrer.restore(previous: previous, current: entry.frame, next: next)
    return Output(restored: restored, frame: entry.frame, payload: entry.payload)
  }
}
