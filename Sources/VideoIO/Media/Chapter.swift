internal import CFFmpeg

/// A named span of the clip.
public struct Chapter: Sendable, Hashable {
  /// Seconds.
  public let start: Double
  /// Seconds.
  public let end: Double
  /// The tag of this name.
  public let title: String?
}

extension Chapter {
  init(_ chapter: AVChapter) {
    let base = Rational(chapter.time_base)
    start = base.seconds(chapter.start)
    end = base.seconds(chapter.end)
    title = dictionary(chapter.metadata)["title"]
  }
}
