internal import CFFmpeg

/// Converts between the frames of one video and float RGB for the network.
///
/// Reading follows the source's colour tags. Writing adds the *change* of the RGB picture to the source's own samples, so that what the network
/// leaves alone stays bit-exact and depth, subsampling, alpha and out-of-range values survive.
///
/// One thread may read while another writes.
public final class PixelConverter: @unchecked Sendable {
  /// Columns of the frames that it takes.
  public let width: Int
  /// Rows of the frames that it takes.
  public let height: Int

  private let format: AVPixelFormat
  private let layout: PixelLayout
  private let coding: ColourCoding
  private let unpackForReading: Repacker?
  private let unpackForWriting: Repacker?
  private let reading: RowDecoder
  private let beforeWriting: RowDecoder
  private let writing: RowEncoder
  private let before: UnsafeMutablePointer<Float>  // [width, 3]
  private let bytesRow: UnsafeMutablePointer<Float>  // [width, 3]

  /// For the frames of a source that is being read.
  /// - Throws: as for a frame.
  public convenience init(for info: SourceInfo) throws(VideoError) { try self.init(for: info.firstFrame) }

  /// For frames like this one.
  /// - Throws: for pixel formats without a lossless planar form (floating point, Bayer, XYZ).
  public init(for frame: Frame) throws(VideoError) {
    let format = frame.format
    guard let layout = PixelLayout.planarEquivalent(of: format) else {
      throw VideoError(
        .unsupported, file: frame.file, "its pixel format \(frame.pixelFormat) is not handled",
        remedy:
          "convert it to at most 16 bits a sample first, for example: ffmpeg -i INPUT -pix_fmt gbrp16 -c:v ffv1 CONVERTED.mkv"
      )
    }
    self.format = format
    self.layout = layout
    coding = ColourCoding(frame.pointer)
    width = frame.width
    height = frame.height
    unpackForReading = try Repacker(unpacking: frame, to: layout)
    unpackForWriting = try Repacker(unpacking: frame, to: layout)
    reading = RowDecoder(layout: layout, coding: coding, width: width, height: height)
    beforeWriting = RowDecoder(layout: layout, coding: coding, width: width, height: height)
    writing = RowEncoder(layout: layout, coding: coding, width: width, height: height)
    before = .allocate(capacity: 3 * width)
    bytesRow = .allocate(capacity: 3 * width)
  }

  deinit {
    before.deallocate()
    bytesRow.deallocate()
  }

  /// Decodes a frame to RGB.
  /// - Parameter rgb: [height, width, 3] in [0, 1], interleaved; overwritten.
  /// - Precondition: `rgb` has ``sampleCount`` values.
  /// - Throws: for a frame of another size or pixel format, and when there is no memory.
  public func read(_ frame: Frame, into rgb: inout MutableSpan<Float>) throws(VideoError) {
    checkCount(rgb.count)
    let planar = try PlanarPicture(accepted(frame), unpackForReading)
    rgb.withUnsafeMutableBufferPointer { buffer in
      for row in 0..<height { reading.decode(planar.pointer, row: row, into: buffer.baseAddress! + 3 * width * row) }
    }
  }

  /// Decodes a frame to 8-bit RGB, for pictures and measures.
  /// - Parameter rgb: [height, width, 3], interleaved; overwritten.
  /// - Precondition: `rgb` has ``sampleCount`` values.
  /// - Throws: for a frame of another size or pixel format, and when there is no memory.
  public func readBytes(_ frame: Frame, into rgb: inout MutableSpan<UInt8>) throws(VideoError) {
    checkCount(rgb.count)
    let planar = try PlanarPicture(accepted(frame), unpackForReading)
    rgb.withUnsafeMutableBufferPointer { buffer in
      for row in 0..<height {
        reading.decode(planar.pointer, row: row, into: bytesRow)
        let out = buffer.baseAddress! + 3 * width * row
        for i in 0..<(3 * width) { out[i] = UInt8(truncatingIfNeeded: Int32(bytesRow[i] * 255 + 0.5)) }
      }
    }
  }

  /// A frame like `source` (format, colour, side data, times, alpha) that shows `rgb`.
  /// - Parameter rgb: [height, width, 3], interleaved. What the samples cannot hold is limited, not-a-number keeps the source's sample.
  /// - Precondition: `rgb` has ``sampleCount`` values.
  /// - Throws: for a frame of another size or pixel format, and when there is no memory.
  public func write(_ rgb: Span<Float>, like source: Frame) throws(VideoError) -> Frame {
    checkCount(rgb.count)
    let planar = try PlanarPicture(accepted(source), unpackForWriting)
    let target = try planar.copy(layout)
    rgb.withUnsafeBufferPointer { buffer in
      for row in 0..<height {
        beforeWriting.decode(planar.pointer, row: row, into: before)
        writing.encode(
          buffer.baseAddress! + 3 * width * row, before: before, row: row, into: target.pointer)
      }
    }
    return source.replaced(by: target)
  }

  /// Values in a picture: height × width × 3.
  public var sampleCount: Int { 3 * width * height }

  private func checkCount(_ count: Int) {
    precondition(count == sampleCount, "\(count) values for a picture of \(width)×\(height) in three colours")
  }

  /// The planes of other frames are not where this converter looks for them.
  private func accepted(_ frame: Frame) throws(VideoError) -> Frame {
    guard frame.width == width, frame.height == height,
      frame.format == format || (PixelLayout.planarAlready(frame.format) == layout && unpackForReading == nil)
    else {
      throw VideoError(
        .unsupported, file: frame.file,
        "a picture of \(frame.width)×\(frame.height) \(frame.pixelFormat) is none of \(width)×\(height) \(layout.name)",
        place: "at \(moment(frame.time))")
    }
    return frame
  }
}
