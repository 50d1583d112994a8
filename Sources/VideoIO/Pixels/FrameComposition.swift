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
    let target = try Owned(
      layout.format, width: Int32(size.width), height: Int32(size.height), path: before.file)
    av_frame_copy_props(target.pointer, first.pointer)
    if fullRangeAlias[before.format.rawValue] != nil { target.pointer.pointee.color_range = AVCOL_RANGE_JPEG }
    let canvas = Canvas(frame: target.pointer, layout: layout, isFullRange: ColourCoding(before.pointer).isFullRange)
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
