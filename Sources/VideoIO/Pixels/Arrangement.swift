/// Where the two pictures lie in the stored one.
struct Arrangement {
  /// Columns and rows of a picture, and where the first of them is drawn.
  struct Part {
    var columns, rows: Range<Int>
    var x = 0, y = 0
  }

  private(set) var before, after: Part
  let size: PictureSize
  /// One picture, divided, rather than two.
  let isSplit: Bool

  init(_ composition: Frame.Composition, of frame: Frame, _ orientation: Orientation) {
    let grid = ChromaGrid(frame)
    let (width, height) = (frame.width, frame.height)
    let whole = Part(columns: 0..<width, rows: 0..<height)
    var (first, second) = (whole, whole)
    let isStack = if case .stack = composition { true } else { false }
    // Shown from left to right is stored along columns or rows, forwards or backwards.
    let alongRows = orientation.swapsAxes != isStack
    let isReversed = isStack ? orientation.flipsY : orientation.flipsX
    if case .split(let place) = composition {
      isSplit = true
      let line = grid.line(at: isReversed ? 1 - place : place, length: alongRows ? height : width, alongRows: alongRows)
      if alongRows {
        (first.rows, second.rows, second.y) = (0..<line.lowerBound, line.upperBound..<height, line.upperBound)
      } else {
        (first.columns, second.columns, second.x) = (0..<line.lowerBound, line.upperBound..<width, line.upperBound)
      }
      size = PictureSize(width: width, height: height)
    } else {
      isSplit = false
      if alongRows {
        second.y = grid.rows(height + 2)
        size = PictureSize(width: width, height: grid.rows(second.y + height))
      } else {
        second.x = grid.columns(width + 2)
        size = PictureSize(width: grid.columns(second.x + width), height: height)
      }
    }
    (before, after) = isReversed ? (second, first) : (first, second)
  }
}

/// Pixels that belong to one chroma sample, and places that are multiples of them.
private struct ChromaGrid {
  let stepX: Int
  let stepY: Int

  init(_ frame: Frame) {
    let layout = PixelLayout.planarEquivalent(of: frame.format)
    stepX = 1 << (layout?.chromaShiftX ?? 0)
    stepY = 1 << (layout?.chromaShiftY ?? 0)
  }

  func columns(_ x: Int) -> Int { (x + stepX - 1) / stepX * stepX }
  func rows(_ y: Int) -> Int { (y + stepY - 1) / stepY * stepY }

  /// The columns (or rows) of a line across a picture, at 0 along its first edge, at 1 along its last: two pixels, or
  /// one chroma sample where that is wider.
  func line(at place: Double, length: Int, alongRows: Bool) -> Range<Int> {
    let width = max(2, alongRows ? stepY : stepX)
    let end = width + Int(limiting: min(1, max(0, place)) * Double(max(0, length - width)))
    let onGrid = min(length, alongRows ? rows(end) : columns(end))
    return max(0, onGrid - width)..<onGrid
  }
}
