internal import CFFmpeg

/// A frame with whole samples in planes: the frame itself, or an unpacked copy.
struct PlanarPicture: ~Copyable {
  let pointer: UnsafeMutablePointer<AVFrame>
  private let file: String
  private let isOwned: Bool

  /// - Parameter repacker: nil for a frame that is planar already.
  init(_ frame: Frame, _ repacker: Repacker?) throws(VideoError) {
    pointer = try repacker?.repack(frame.pointer) ?? frame.pointer
    isOwned = repacker != nil
    file = frame.file
  }

  deinit {
    if isOwned {
      var p: UnsafeMutablePointer<AVFrame>? = pointer
      av_frame_free(&p)
    }
  }

  /// A deep copy with all properties.
  func copy(_ layout: PixelLayout) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
    let target = try newFrame(
      layout.format, width: pointer.pointee.width, height: pointer.pointee.height, path: file)
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
    return target
  }
}
