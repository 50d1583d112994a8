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

  private let layout: PixelLayout
  private let coding: ColourCoding
  private let unpackForReading: Repacker?
  private let unpackForWriting: Repacker?
  private let reading: RowDecoder
  private let beforeWriting: RowDecoder
  private let writing: RowEncoder
  private let before: UnsafeMutablePointer<Float>  // [width, 3]
  private let bytesRow: UnsafeMutablePointer<Float>  // [width, 3]

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
  public func read(_ frame: Frame, into rgb: UnsafeMutablePointer<Float>) throws(VideoError) {
    let planar = try PlanarPicture(frame, unpackForReading)
    for row in 0..<height { reading.decode(planar.pointer, row: row, into: rgb + 3 * width * row) }
  }

  /// Decodes a frame to 8-bit RGB, for pictures and measures.
  /// - Parameter rgb: [height, width, 3], interleaved; overwritten.
  public func readBytes(_ frame: Frame, into rgb: UnsafeMutablePointer<UInt8>) throws(VideoError) {
    let planar = try PlanarPicture(frame, unpackForReading)
    for row in 0..<height {
      reading.decode(planar.pointer, row: row, into: bytesRow)
      let out = rgb + 3 * width * row
      for i in 0..<(3 * width) { out[i] = UInt8(truncatingIfNeeded: Int32(bytesRow[i] * 255 + 0.5)) }
    }
  }

  /// A frame like `source` (format, colour, side data, times, alpha) that shows `rgb`.
  /// - Parameter rgb: [height, width, 3], interleaved. What the samples cannot hold is limited, not-a-number keeps the source's sample.
  public func write(_ rgb: UnsafePointer<Float>, like source: Frame) throws(VideoError) -> Frame {
    let planar = try PlanarPicture(source, unpackForWriting)
    let target = try planar.copy(layout)
    for row in 0..<height {
      beforeWriting.decode(planar.pointer, row: row, into: before)
      writing.encode(rgb + 3 * width * row, before: before, row: row, into: target.pointer)
    }
    return source.replaced(by: target)
  }
}
