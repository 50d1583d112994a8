internal import CFFmpeg

/// How code values become R'G'B': the matrix, the range and the place of the chroma samples (ITU-R BT.601, BT.709, BT.2020; ITU-T H.273).
struct ColourCoding: Equatable {
  /// Luma weights of red and blue.
  let kr: Float
  let kb: Float
  let isFullRange: Bool
  /// Whether a player that is told nothing chooses the same matrix.
  let isGuess: Bool
  /// Chroma samples lie on luma columns (MPEG-2 and later) rather than between them.
  let isCositedX: Bool
  /// Chroma samples lie on luma rows rather than between them.
  let isCositedY: Bool

  /// From the frame's tags. What is not tagged is guessed once, the same for reading and writing: BT.601 below 720 rows, BT.709 from there;
  /// limited range, except grey and JPEG; chroma on the left as in H.264.
  init(_ frame: UnsafePointer<AVFrame>) {
    let f = frame.pointee
    switch f.colorspace {
    case AVCOL_SPC_BT709: (kr, kb) = (0.2126, 0.0722)
    case AVCOL_SPC_FCC: (kr, kb) = (0.30, 0.11)
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: (kr, kb) = (0.299, 0.114)
    case AVCOL_SPC_SMPTE240M: (kr, kb) = (0.212, 0.087)
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: (kr, kb) = (0.2627, 0.0593)
    default: (kr, kb) = f.height >= 720 || f.width >= 1280 ? (0.2126, 0.0722) : (0.299, 0.114)
    }
    isGuess = kr == (f.height >= 720 || f.width >= 1280 ? 0.2126 : 0.299)
    let format = AVPixelFormat(rawValue: f.format)
    let name = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? ""
    isFullRange =
      f.color_range == AVCOL_RANGE_JPEG || fullRangeAlias[f.format] != nil
      || (f.color_range == AVCOL_RANGE_UNSPECIFIED && name.hasPrefix("gray"))
    switch f.chroma_location {
    case AVCHROMA_LOC_CENTER: (isCositedX, isCositedY) = (false, false)
    case AVCHROMA_LOC_TOPLEFT, AVCHROMA_LOC_BOTTOMLEFT: (isCositedX, isCositedY) = (true, true)
    case AVCHROMA_LOC_TOP, AVCHROMA_LOC_BOTTOM: (isCositedX, isCositedY) = (false, true)
    default: (isCositedX, isCositedY) = (true, false)
    }
  }

  /// `(black, span)` of luma code values: Y' = (code − black) / span.
  func luma(_ layout: PixelLayout) -> (offset: Float, span: Float) {
    let step = Float(1 << (layout.depth - 8))
    return isFullRange ? (0, layout.peak) : (16 * step, 219 * step)
  }

  /// `(middle, span)` of chroma code values: C' = (code − middle) / span, in −½…½.
  func chroma(_ layout: PixelLayout) -> (offset: Float, span: Float) {
    let middle = Float(1 << (layout.depth - 1))
    return (middle, isFullRange ? layout.peak : 224 * Float(1 << (layout.depth - 8)))
  }
}

extension ColourCoding {
  /// The chroma rows between which a luma row lies, and the weight of the farther one.
  func chromaRows(of row: Int, shift: Int, count: Int) -> (near: Int, far: Int, weight: Float) {
    if shift == 0 { return (row, row, 0) }
    let factor = Float(1 << shift)
    let place = isCositedY ? Float(row) / factor : (Float(row) + 0.5) / factor - 0.5
    let upper = Int(place.rounded(.down))
    let t = place - Float(upper)
    func inside(_ r: Int) -> Int { min(max(r, 0), count - 1) }
    return t <= 0.5 ? (inside(upper), inside(upper + 1), t) : (inside(upper + 1), inside(upper), 1 - t)
  }
}
