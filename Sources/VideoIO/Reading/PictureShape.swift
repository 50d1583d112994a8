internal import CFFmpeg

/// What must stay the same from the first frame to the last, because an output states it once.
struct PictureShape: Equatable {
  private let width: Int32
  private let height: Int32
  private let format: Int32
  private let aspect: Double
  /// Primaries, transfer, matrix, range.
  private let colour: [UInt32]

  init(_ frame: UnsafeMutablePointer<AVFrame>) {
    let f = frame.pointee
    (width, height, format) = (f.width, f.height, f.format)
    let ratio = Rational(f.sample_aspect_ratio)
    aspect = ratio.isKnown ? ratio.value : 1
    colour = [f.color_primaries.rawValue, f.color_trc.rawValue, f.colorspace.rawValue, f.color_range.rawValue]
  }

  /// The difference in words.
  func change(from first: PictureShape) -> String {
    if (width, height, format) != (first.width, first.height, first.format) {
      return "the picture changes from \(first.size) to \(size)"
    }
    return colour != first.colour ? "the colour coding of the picture changes" : "the shape of its pixels changes"
  }

  private var size: String {
    let name = av_get_pix_fmt_name(AVPixelFormat(rawValue: format)).map { String(cString: $0) } ?? "unknown"
    return "\(width)×\(height) \(name)"
  }
}
