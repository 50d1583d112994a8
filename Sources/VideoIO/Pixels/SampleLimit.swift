internal import CFFmpeg

/// Samples of 9 to 15 bits lie in words of 16, which can hold more. Encoders take the lower bits: the brightest would become dark.
enum SampleLimit {
  /// Limits every sample to the largest of its depth. Copies the picture first where it is another's too, and only if one is larger.
  /// - Throws: when there is no memory for the copy.
  static func apply(to frame: UnsafeMutablePointer<AVFrame>, path: String) throws(VideoError) {
    guard let layout = PixelLayout(AVPixelFormat(rawValue: frame.pointee.format)), (9...15).contains(layout.depth),
      rows(of: frame, layout, { row in row.reduce(0, |) >> layout.depth == 0 }) == false
    else { return }
    try check(av_frame_make_writable(frame), .output, path, "a picture cannot be copied")
    let peak = UInt16(layout.peak)
    _ = rows(of: frame, layout) { row in
      for x in row.indices { row[x] = min(row[x], peak) }
      return true
    }
  }

  /// Goes through the rows of all planes as long as `body` says yes; whether it always did.
  private static func rows(
    of frame: UnsafeMutablePointer<AVFrame>, _ layout: PixelLayout, _ body: (UnsafeMutableBufferPointer<UInt16>) -> Bool
  ) -> Bool {
    for plane in 0..<layout.planeCount {
      let isChroma = layout.model == .yCbCr && (plane == 1 || plane == 2)
      let (shiftX, shiftY) = isChroma ? (layout.chromaShiftX, layout.chromaShiftY) : (0, 0)
      let columns = (Int(frame.pointee.width) + (1 << shiftX) - 1) >> shiftX
      for row in 0..<(Int(frame.pointee.height) + (1 << shiftY) - 1) >> shiftY {
        let isFine = planeRow(frame, plane, row).withMemoryRebound(to: UInt16.self, capacity: columns) {
          body(UnsafeMutableBufferPointer(start: $0, count: columns))
        }
        if !isFine { return false }
      }
    }
    return true
  }
}
