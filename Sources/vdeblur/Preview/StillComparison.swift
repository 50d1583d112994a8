/// One moment before and after, as a picture: both frames above, and below them, three times enlarged, the part that
/// changed most.
struct StillComparison {
  static let enlargement = 3

  /// The part that changed most, in pixels of the frame.
  let area: Area
  let picture: RGB8

  /// - Parameters:
  ///   - before, after: of one size.
  ///   - isLabelled: whether the words "before" and "after" stand in the pictures.
  init(before: RGB8, after: RGB8, isLabelled: Bool = true) {
    let (width, height) = (before.width, before.height)
    let factor = Self.enlargement
    area = mostChangedArea(before, after, width: max(1, width / factor), height: max(1, height / factor))
    let gap = max(2, width / 240)
    let scale = max(1, height / 240)
    // A frame of one or two pixels is smaller than its own enlargement.
    let column = max(width, area.width * factor)
    var canvas = RGB8(
      width: 2 * column + gap, height: height + gap + max(height, area.height * factor), filledWith: 255)
    for (frame, name, x) in [(before, "before", 0), (after, "after", column + gap)] {
      var marked = frame
      marked.outline(area, thickness: max(1, scale), grey: 255)
      canvas.draw(marked, x: x, y: 0)
      canvas.draw(frame.enlarged(area, by: factor), x: x, y: height + gap)
      guard isLabelled else { continue }
      Lettering.draw(name, on: &canvas, x: x, y: 0, scale: scale)
      Lettering.draw("\(name) \(factor)x", on: &canvas, x: x, y: height + gap, scale: scale)
    }
    picture = canvas
  }
}
