internal import CFFmpeg

/// Draws into the planes of a new frame.
struct Canvas {
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
