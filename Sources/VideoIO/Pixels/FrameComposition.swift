internal import CFFmpeg

extension Frame {
  /// How two pictures are shown in one; all words mean the pictures as players show them (``Orientation``).
  public enum Composition: Sendable {
    /// before | after
    case side
    /// before, up to an upright line; after, to the right of it. The line's place goes from 0 (the left edge: all of
    /// `after`) to 1 (the right edge: all of `before`).
    case split(at: Double)
    /// before over after
    case stack

    /// The size of a composed picture, as it is stored.
    ///
    /// Offsets and sizes are whole chroma samples, so that planes are copied, never resampled.
    public func size(of frame: Frame, shown orientation: Orientation = .upright) -> PictureSize {
      Arrangement(self, of: frame, orientation).size
    }
  }

  /// Shows two pictures of one size in one, with a light line between them. Samples are copied as they are, and turned
  /// by no one: what is shown as `composition` says is the composed picture under the source's own display matrix.
  /// - Parameters:
  ///   - before: gives times, colour and side data.
  ///   - after: may be in the planar equivalent of the format of `before`, as ``PixelConverter/write(_:like:)`` makes it.
  ///   - captions: drawn upon the pictures' upper corners, each upon its own only; nil for none.
  /// - Throws: when there is no memory for the picture.
  public static func compose(
    before: Frame, after: Frame, as composition: Composition, shown orientation: Orientation = .upright,
    captions: (before: Caption, after: Caption)? = nil
  ) throws(VideoError) -> Frame {
    guard let layout = PixelLayout.planarEquivalent(of: before.format),
      PixelLayout.planarEquivalent(of: after.format) == layout
    else {
      throw VideoError(.unsupported, file: before.file, "its pixel format \(before.pixelFormat) is not handled")
    }
    let first = try PlanarPicture(before, Repacker(unpacking: before, to: layout))
    let second = try PlanarPicture(after, Repacker(unpacking: after, to: layout))
    let arrangement = Arrangement(composition, of: before, orientation)
    let size = arrangement.size
    let target = try newFrame(layout.format, width: Int32(size.width), height: Int32(size.height), path: before.file)
    av_frame_copy_props(target, first.pointer)
    if fullRangeAlias[before.format.rawValue] != nil { target.pointee.color_range = AVCOL_RANGE_JPEG }
    let canvas = Canvas(frame: target, layout: layout, isFullRange: ColourCoding(before.pointer).isFullRange)
    canvas.fill()
    for (picture, part) in [(first.pointer, arrangement.before), (second.pointer, arrangement.after)] {
      canvas.draw(picture, columns: part.columns, rows: part.rows, x: part.x, y: part.y)
    }
    if let captions {
      canvas.draw(captions.before, upon: arrangement.before, alongEnd: false, orientation, in: size)
      canvas.draw(captions.after, upon: arrangement.after, alongEnd: arrangement.isSplit, orientation, in: size)
    }
    return before.replaced(by: target)
  }

  /// A few words as a picture of greys, to be drawn upon a frame.
  public struct Caption: Sendable {
    /// Columns and rows, as shown.
    public let width, height: Int
    /// Brightness from 0 to 255, row after row.
    public let greys: [UInt8]

    /// - Precondition: `greys` holds width × height values.
    public init(width: Int, height: Int, greys: [UInt8]) {
      precondition(greys.count == width * height, "\(greys.count) greys for \(width)×\(height) pixels")
      (self.width, self.height, self.greys) = (width, height, greys)
    }
  }
}

/// Where the two pictures lie in the stored one.
private struct Arrangement {
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

/// Draws into the planes of a new frame.
private struct Canvas {
  let frame: UnsafeMutablePointer<AVFrame>
  let layout: PixelLayout
  let isFullRange: Bool

  private var peak: Int { (1 << layout.depth) - 1 }

  private func isColourDifference(_ plane: Int) -> Bool { layout.model == .yCbCr && (plane == 1 || plane == 2) }

  private func shifts(_ plane: Int) -> (x: Int, y: Int) {
    isColourDifference(plane) ? (layout.chromaShiftX, layout.chromaShiftY) : (0, 0)
  }

  private func isAlpha(_ plane: Int) -> Bool { layout.hasAlpha && plane == layout.planeCount - 1 }

  /// Makes the whole picture light and colourless.
  func fill() {
    for plane in 0..<layout.planeCount {
      let shift = shifts(plane)
      let value = isColourDifference(plane) ? 1 << (layout.depth - 1) : isAlpha(plane) ? peak : peak * 23 / 25
      let columns = (Int(frame.pointee.width) + (1 << shift.x) - 1) >> shift.x
      let rows = (Int(frame.pointee.height) + (1 << shift.y) - 1) >> shift.y
      for row in 0..<rows {
        let samples = planeRow(frame, plane, row)
        if layout.bytesPerSample == 1 {
          samples.update(repeating: UInt8(value), count: columns)
        } else {
          samples.withMemoryRebound(to: UInt16.self, capacity: columns) {
            $0.update(repeating: UInt16(value), count: columns)
          }
        }
      }
    }
  }

  /// Copies a part of a picture to (x, y); places lie on the chroma grid.
  func draw(_ picture: UnsafeMutablePointer<AVFrame>, columns: Range<Int>, rows: Range<Int>, x: Int, y: Int) {
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let bytes = layout.bytesPerSample
    for plane in 0..<layout.planeCount {
      let shift = shifts(plane)
      let (left, top) = (columns.lowerBound >> shift.x, rows.lowerBound >> shift.y)
      let count = ((columns.upperBound + (1 << shift.x) - 1) >> shift.x) - left
      for row in top..<(rows.upperBound + (1 << shift.y) - 1) >> shift.y {
        (planeRow(frame, plane, (y >> shift.y) + row - top) + (x >> shift.x) * bytes)
          .update(from: planeRow(picture, plane, row) + left * bytes, count: count * bytes)
      }
    }
  }

  /// Draws a caption into the upper left corner of a part as it is shown, or into the upper right one; what does not
  /// fit upon the part is left out.
  func draw(
    _ caption: Frame.Caption, upon part: Arrangement.Part, alongEnd: Bool, _ orientation: Orientation,
    in size: PictureSize
  ) {
    let columns = part.x..<part.x + part.columns.count
    let rows = part.y..<part.y + part.rows.count
    // The part's corner where its shown rectangle begins.
    let shown = orientation.shown(size)
    let across = orientation.swapsAxes ? rows : columns
    let down = orientation.swapsAxes ? columns : rows
    let left = orientation.flipsX ? shown.width - across.upperBound : across.lowerBound
    let top = orientation.flipsY ? shown.height - down.upperBound : down.lowerBound
    let shift = alongEnd ? across.count - caption.width : 0
    for y in 0..<caption.height {
      for x in 0..<caption.width {
        let place = orientation.stored(x: left + shift + x, y: top + y, in: size)
        guard columns.contains(place.x), rows.contains(place.y) else { continue }
        setGrey(Int(caption.greys[y * caption.width + x]), place.x, place.y)
      }
    }
  }

  private func setGrey(_ grey: Int, _ x: Int, _ y: Int) {
    let isLimited = layout.model != .rgb && !isFullRange
    let value = (isLimited ? 16 + grey * 219 / 255 : grey) << (layout.depth - 8)
    for plane in 0..<layout.planeCount {
      let shift = shifts(plane)
      let sample = isColourDifference(plane) ? 1 << (layout.depth - 1) : isAlpha(plane) ? peak : value
      let at = planeRow(frame, plane, y >> shift.y) + (x >> shift.x) * layout.bytesPerSample
      if layout.bytesPerSample == 1 {
        at.pointee = UInt8(sample)
      } else {
        at.withMemoryRebound(to: UInt16.self, capacity: 1) { $0.pointee = UInt16(sample) }
      }
    }
  }
}
