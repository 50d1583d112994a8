internal import CFFmpeg

extension Frame {
  /// How two pictures are shown in one.
  public enum Composition: Sendable {
    /// before | after
    case side
    /// before, up to an upright line; after, to the right of it. The line's place goes from 0 (the left edge: all of
    /// `after`) to 1 (the right edge: all of `before`).
    case split(at: Double)
    /// before over after
    case stack

    /// The size of a composed picture.
    ///
    /// Offsets and sizes are whole chroma samples, so that planes are copied, never resampled.
    public func size(of frame: Frame) -> PictureSize {
      let grid = ChromaGrid(frame)
      return switch self {
      case .side: PictureSize(width: grid.columns(grid.afterX(frame) + frame.width), height: frame.height)
      case .split: PictureSize(width: frame.width, height: frame.height)
      case .stack: PictureSize(width: frame.width, height: grid.rows(grid.afterY(frame) + frame.height))
      }
    }
  }

  /// Shows two pictures of one size in one, with a light line between them. Samples are copied as they are.
  /// - Parameters:
  ///   - before: gives times, colour and side data.
  ///   - after: may be in the planar equivalent of the format of `before`, as ``PixelConverter/write(_:like:)`` makes it.
  /// - Throws: when there is no memory for the picture.
  public static func compose(before: Frame, after: Frame, as composition: Composition) throws(VideoError) -> Frame {
    guard let layout = PixelLayout.planarEquivalent(of: before.format),
      PixelLayout.planarEquivalent(of: after.format) == layout
    else {
      throw VideoError(.unsupported, file: "input", "its pixel format \(before.pixelFormat) is not handled")
    }
    let first = try PlanarPicture(before, Repacker(unpacking: before, to: layout))
    let second = try PlanarPicture(after, Repacker(unpacking: after, to: layout))
    let grid = ChromaGrid(before)
    let size = composition.size(of: before)
    let target = try newFrame(layout.format, width: Int32(size.width), height: Int32(size.height), path: "preview")
    av_frame_copy_props(target, first.pointer)
    if fullRangeAlias[before.format.rawValue] != nil { target.pointee.color_range = AVCOL_RANGE_JPEG }
    let canvas = Canvas(frame: target, layout: layout)
    canvas.fill()
    let (width, height) = (before.width, before.height)
    switch composition {
    case .side:
      canvas.draw(first.pointer, columns: 0..<width, height: height, x: 0, y: 0)
      canvas.draw(second.pointer, columns: 0..<width, height: height, x: grid.afterX(before), y: 0)
    case .split(let place):
      let line = grid.line(at: place, width: width)
      canvas.draw(first.pointer, columns: 0..<line.lowerBound, height: height, x: 0, y: 0)
      canvas.draw(second.pointer, columns: line.upperBound..<width, height: height, x: line.upperBound, y: 0)
    case .stack:
      canvas.draw(first.pointer, columns: 0..<width, height: height, x: 0, y: 0)
      canvas.draw(second.pointer, columns: 0..<width, height: height, x: 0, y: grid.afterY(before))
    }
    return Frame(
      target, pts: before.pts, duration: before.duration, timeBase: before.timeBase, isContext: before.isContext)
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

  /// The line between the pictures: two pixels, or one chroma sample where that is wider.
  var lineWidth: Int { max(2, stepX) }
  func columns(_ x: Int) -> Int { (x + stepX - 1) / stepX * stepX }
  func rows(_ y: Int) -> Int { (y + stepY - 1) / stepY * stepY }
  func afterX(_ frame: Frame) -> Int { columns(frame.width + 2) }
  func afterY(_ frame: Frame) -> Int { rows(frame.height + 2) }

  /// The columns of a line across a picture, at 0 along its left edge, at 1 along its right edge.
  func line(at place: Double, width: Int) -> Range<Int> {
    let end = lineWidth + Int((place * Double(max(0, width - lineWidth))).rounded())
    let onGrid = min(width, columns(end))
    return max(0, onGrid - lineWidth)..<onGrid
  }
}

/// Draws into the planes of a new frame.
private struct Canvas {
  let frame: UnsafeMutablePointer<AVFrame>
  let layout: PixelLayout

  private func shifts(_ plane: Int) -> (x: Int, y: Int) {
    let isChroma = layout.model == .yCbCr && (plane == 1 || plane == 2)
    return isChroma ? (layout.chromaShiftX, layout.chromaShiftY) : (0, 0)
  }

  /// Makes the whole picture light and colourless.
  func fill() {
    for plane in 0..<layout.planeCount {
      let shift = shifts(plane)
      let isColourDifference = layout.model == .yCbCr && (plane == 1 || plane == 2)
      let isAlpha = layout.hasAlpha && plane == layout.planeCount - 1
      let peak = (1 << layout.depth) - 1
      let value = isColourDifference ? 1 << (layout.depth - 1) : isAlpha ? peak : peak * 23 / 25
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

  /// Copies whole columns of a picture to (x, y); places lie on the chroma grid.
  func draw(_ picture: UnsafeMutablePointer<AVFrame>, columns: Range<Int>, height: Int, x: Int, y: Int) {
    guard !columns.isEmpty else { return }
    let bytes = layout.bytesPerSample
    for plane in 0..<layout.planeCount {
      let shift = shifts(plane)
      let from = columns.lowerBound >> shift.x
      let count = ((columns.upperBound + (1 << shift.x) - 1) >> shift.x) - from
      for row in 0..<(height + (1 << shift.y) - 1) >> shift.y {
        (planeRow(frame, plane, (y >> shift.y) + row) + (x >> shift.x) * bytes)
          .update(from: planeRow(picture, plane, row) + from * bytes, count: count * bytes)
      }
    }
  }
}
