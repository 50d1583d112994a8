internal import CFFmpeg

/// How a planar pixel format keeps its samples: what the colour conversion must know of it.
///
/// Packed, palette, semi-planar and big-endian formats have a planar equivalent with the same depth and subsampling, into which they
/// are unpacked without loss; see ``planarEquivalent(of:)``.
struct PixelLayout: Equatable {
  enum Model { case yCbCr, rgb, grey }

  let format: AVPixelFormat
  let model: Model
  /// Bits a sample: 8…16. Samples above 8 bits lie in 16-bit words.
  let depth: Int
  /// Chroma is 2^n times coarser than luma.
  let chromaShiftX: Int
  let chromaShiftY: Int
  let hasAlpha: Bool
  /// Planes of Y, Cb, Cr or of R, G, B; one plane for grey.
  let planes: [Int]
  let planeCount: Int

  var bytesPerSample: Int { depth > 8 ? 2 : 1 }
  /// The largest code value.
  var peak: Float { Float((1 << depth) - 1) }

  /// nil when the format is not planar with whole native samples.
  init?(_ format: AVPixelFormat) {
    guard let d = av_pix_fmt_desc_get(format)?.pointee else { return nil }
    let flags = Int32(truncatingIfNeeded: d.flags)
    let foreign =
      AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BE
      | AV_PIX_FMT_FLAG_BAYER
    guard flags & (foreign | AV_PIX_FMT_FLAG_FLOAT) == 0 else { return nil }
    let components = [d.comp.0, d.comp.1, d.comp.2, d.comp.3].prefix(Int(d.nb_components))
    let depth = Int(d.comp.0.depth)
    let step = depth > 8 ? 2 : 1
    let hasAlpha = flags & AV_PIX_FMT_FLAG_ALPHA != 0
    guard (8...16).contains(depth), Set(components.map(\.plane)).count == components.count,
      components.allSatisfy({ Int($0.step) == step && $0.shift == 0 && $0.offset == 0 && Int($0.depth) == depth })
    else { return nil }
    let colours = components.count - (hasAlpha ? 1 : 0)
    guard colours == 1 || colours == 3 else { return nil }
    self.format = format
    model = flags & AV_PIX_FMT_FLAG_RGB != 0 ? .rgb : colours == 1 ? .grey : .yCbCr
    self.depth = depth
    chromaShiftX = Int(d.log2_chroma_w)
    chromaShiftY = Int(d.log2_chroma_h)
    self.hasAlpha = hasAlpha
    planes = components.prefix(colours).map { Int($0.plane) }
    planeCount = components.count
  }

  /// FFmpeg's name of the format.
  var name: String { String(cString: av_get_pix_fmt_name(format)) }

  /// The layout of a format whose samples lie in planes as they are; nil for one that must be unpacked.
  static func planarAlready(_ format: AVPixelFormat) -> PixelLayout? {
    PixelLayout(fullRangeAlias[format.rawValue] ?? format)
  }

  /// The planar format that keeps all that `format` keeps: depth, subsampling, alpha. nil when there is none (floating point, Bayer, XYZ).
  static func planarEquivalent(of format: AVPixelFormat) -> PixelLayout? {
    if let layout = planarAlready(format) { return layout }
    guard let d = av_pix_fmt_desc_get(format)?.pointee else { return nil }
    let flags = Int32(truncatingIfNeeded: d.flags)
    let name = String(cString: d.name)
    guard flags & (AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT) == 0, !name.hasPrefix("xyz")
    else { return nil }
    let palette = flags & AV_PIX_FMT_FLAG_PAL != 0
    let isRGB = flags & AV_PIX_FMT_FLAG_RGB != 0 || palette
    let alpha = flags & AV_PIX_FMT_FLAG_ALPHA != 0 || palette
    let depth = max(8, palette ? 8 : Int(max(d.comp.0.depth, d.comp.1.depth, d.comp.2.depth)))
    let family: String
    if isRGB {
      family = alpha ? "gbrap" : "gbrp"
    } else if d.nb_components <= 2 {
      family = alpha ? "yuva444p" : "gray"
    } else {
      let subsampling: [SIMD2<UInt8>: String] = [
        [0, 0]: "444", [1, 0]: "422", [1, 1]: "420", [0, 1]: "440", [2, 0]: "411", [2, 2]: "410",
      ]
      guard let digits = subsampling[[d.log2_chroma_w, d.log2_chroma_h]] else { return nil }
      family = "yuv\(alpha ? "a" : "")\(digits)p"
    }
    for wider in [8, 9, 10, 12, 14, 16] where wider >= depth {
      let candidate = av_get_pix_fmt(wider == 8 ? (family == "gray" ? "gray" : family) : "\(family)\(wider)le")
      if candidate != AV_PIX_FMT_NONE, let layout = PixelLayout(candidate) { return layout }
    }
    return nil
  }
}

/// JPEG's names for formats that differ only in their range, which is a tag of its own.
let fullRangeAlias: [Int32: AVPixelFormat] = [
  AV_PIX_FMT_YUVJ420P.rawValue: AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ422P.rawValue: AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUVJ444P.rawValue: AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ440P.rawValue: AV_PIX_FMT_YUV440P,
  AV_PIX_FMT_YUVJ411P.rawValue: AV_PIX_FMT_YUV411P,
]
