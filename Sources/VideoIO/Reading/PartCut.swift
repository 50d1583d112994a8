internal import CFFmpeg

/// Where two parts meet: the frames on both sides, as one of them has decoded them. The other must say the same.
public struct PartCut: Sendable, Equatable {
  /// A frame at the end of a part.
  struct Side: Sendable, Equatable {
    let time: Int64
    /// SHA-256 of its samples as they were decoded.
    let samples: String

    init(time: Int64, samples: String) { (self.time, self.samples) = (time, samples) }

    init(_ frame: Frame) { self.init(time: frame.pts, samples: frame.hash) }
  }

  /// nil where the clip begins.
  let before: Side?
  /// nil where the clip ends.
  let after: Side?
}

extension Frame {
  /// SHA-256 of the visible samples, plane by plane.
  fileprivate var hash: String {
    var hash = SHA256()
    let planes = Int(av_pix_fmt_count_planes(format))
    for plane in 0..<max(1, planes) {
      let bytes = Int(av_image_get_linesize(format, Int32(width), Int32(plane)))
      let shift = plane == 1 || plane == 2 ? Int32(av_pix_fmt_desc_get(format)?.pointee.log2_chroma_h ?? 0) : 0
      let rows = -(-Int32(height) >> shift)
      for row in 0..<Int(rows) {
        hash.add(UnsafeRawBufferPointer(start: planeRow(pointer, plane, row), count: max(0, bytes)).bytes)
      }
    }
    return hash.finishHex()
  }
}
