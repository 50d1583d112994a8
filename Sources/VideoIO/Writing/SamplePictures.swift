internal import CFFmpeg

/// Small pictures that are the same everywhere, for trying out an encoder.
struct SamplePictures {
  static let size = PictureSize(width: 160, height: 96)
  /// From picture to picture, in ticks.
  let step: Int64
  private let source: SourceInfo
  private let layout: PixelLayout

  /// - Parameter source: its pixel format, colour and clock are taken.
  init(like source: SourceInfo) {
    self.source = source
    layout = PixelLayout.planarEquivalent(of: source.firstFrame.format)!
    step = max(1, source.video.timeBase.ticks(fromSeconds: 0.04))
  }

  /// Slopes with a grain that moves by two samples a picture, in every plane.
  func frame(_ number: Int) throws(VideoError) -> Frame {
    let (width, height) = (SamplePictures.size.width, SamplePictures.size.height)
    let picture = try Owned(layout.format, width: Int32(width), height: Int32(height), path: source.path)
    av_frame_copy_props(picture.pointer, source.firstFrame.pointer)
    for plane in 0..<layout.planeCount {
      let isChroma = layout.model == .yCbCr && (plane == 1 || plane == 2)
      let (columns, rows) = isChroma ? (width >> layout.chromaShiftX, height >> layout.chromaShiftY) : (width, height)
      for y in 0..<rows {
        let row = UnsafeMutableRawPointer(planeRow(picture.pointer, plane, y))
        for x in 0..<columns {
          let (u, v) = (UInt32(x + 2 * number), UInt32(y))
          let grain = (u &* 2_654_435_761 ^ v &* 2_246_822_519) >> 24
          let value = (u * 2 + v + UInt32(plane) * 40 + grain / 8) % 220 + 16
          if layout.bytesPerSample == 1 {
            row.storeBytes(of: UInt8(value), toByteOffset: x, as: UInt8.self)
          } else {
            row.storeBytes(of: UInt16(value << UInt32(layout.depth - 8)), toByteOffset: 2 * x, as: UInt16.self)
          }
        }
      }
    }
    return Frame(
      picture, pts: Int64(number) * step, duration: step, timeBase: source.video.timeBase, isContext: false,
      file: source.path)
  }
}
