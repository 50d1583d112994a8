/// A part of the source: from `start` up to, not including, `end`, in seconds after the beginning of the file.
public struct Segment: Sendable, Hashable {
  /// The moment of its first picture, at the earliest.
  public let start: Double
  /// nil: to the end.
  public let end: Double?

  /// From `start` up to `end`, both in seconds.
  public init(start: Double = 0, end: Double? = nil) {
    self.start = start
    self.end = end
  }
}
