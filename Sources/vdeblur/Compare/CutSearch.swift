/// Finds that a clip is a piece from the middle of a longer one: paired by their order, their frames would show different
/// moments, however far apart.
struct CutSearch {
  /// Frames at the beginning of the piece that are sought in the whole.
  static let kept = 8

  /// Which of the compared clips may be the longer one, and which a piece of it.
  let whole, piece: Int

  private var beginning: [FrameShift.Thumbnail] = []
  private var recent: [(thumbnail: FrameShift.Thumbnail, time: Double)] = []
  private var unmoved: Float = 0
  private var best: (error: Float, time: Double)?

  init(whole: Int, piece: Int) { (self.whole, self.piece) = (whole, piece) }

  /// Takes the next frame of both, or of the whole alone once the piece has ended.
  mutating func add(whole thumbnail: FrameShift.Thumbnail, at time: Double, piece: FrameShift.Thumbnail?) {
    recent.append((thumbnail, time))
    if recent.count > Self.kept { recent.removeFirst() }
    let isGrowing = piece != nil && beginning.count < Self.kept
    if isGrowing, let piece { beginning.append(piece) }
    let window = recent.suffix(beginning.count)
    var (sum, count): (Float, Float) = (0, 0)
    for (a, b) in zip(window, beginning) {
      for (x, y) in zip(a.thumbnail, b) { sum += (x - y) * (x - y) }
      count += Float(b.count)
    }
    guard count > 0, let first = window.first else { return }
    if isGrowing {
      unmoved = sum / count
    } else if sum / count < best?.error ?? .infinity {
      best = (sum / count, first.time)
    }
  }

  /// Where in the whole the piece begins, in seconds; nil if at its beginning, or if nothing tells.
  var begin: Double? { best.flatMap { FrameShift.explains($0.error, better: unmoved) ? $0.time : nil } }
}
