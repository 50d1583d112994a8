internal import CFFmpeg

/// A frame with whole samples in planes: the frame itself, or an unpacked copy.
struct PlanarPicture: ~Copyable {
  private let frame: Frame
  private let unpacked: Owned<AVFrame>?

  /// - Parameter repacker: nil for a frame that is planar already.
  init(_ frame: Frame, _ repacker: Repacker?) throws(VideoError) {
    self.frame = frame
    unpacked = try repacker?.repack(frame.pointer)
  }

  /// Valid as long as this value lives.
  var pointer: UnsafeMutablePointer<AVFrame> {
    switch unpacked {
    case .some(let copy): copy.pointer
    case nil: frame.pointer
    }
  }

  /// A deep copy with all properties.
  func copy(_ layout: PixelLayout) throws(VideoError) -> Owned<AVFrame> {
    let pointer = self.pointer
    let copy = try Owned(
      layout.format, width: pointer.pointee.width, height: pointer.pointee.height, path: frame.file)
    let target = copy.pointer
    av_frame_copy_props(target, pointer)
    // The planar name of a full-range format says nothing of the range: the tag must.
    if fullRangeAlias[pointer.pointee.format] != nil { target.pointee.color_range = AVCOL_RANGE_JPEG }
    for plane in 0..<layout.planeCount {
      let isChroma = layout.model == .yCbCr && (plane == 1 || plane == 2)
      let rows =
        isChroma
        ? (Int(target.pointee.height) + (1 << layout.chromaShiftY) - 1) >> layout.chromaShiftY
        : Int(target.pointee.height)
      let columns =
        isChroma
        ? (Int(target.pointee.width) + (1 << layout.chromaShiftX) - 1) >> layout.chromaShiftX
        : Int(target.pointee.width)
      for row in 0..<rows {
        planeRow(target, plane, row).update(from: planeRow(pointer, plane, row), count: columns * layout.bytesPerSample)
      }
    }
    return copy
  }
}
