internal import CFFmpeg

/// The five tags that give code values a colour (ITU-T H.273), by FFmpeg's names; nil where the source says nothing.
public struct ColourTags: Hashable, Sendable {
  /// The chromaticities of red, green, blue and white: "bt709".
  public let primaries: String?
  /// The transfer function: "bt709", "smpte2084".
  public let transfer: String?
  /// How Y'CbCr is made of R'G'B': "bt709", "bt2020nc".
  public let matrix: String?
  /// "tv" (limited) or "pc" (full).
  public let range: String?
  /// Where chroma samples lie between luma samples: "left".
  public let chromaLocation: String?

  /// Whether the transfer function is PQ or HLG (ITU-R BT.2100).
  public var isHighDynamicRange: Bool { transfer == "smpte2084" || transfer == "arib-std-b67" }
}

extension ColourTags {
  /// The frame's tags; where it says nothing, the container's.
  init(_ par: AVCodecParameters, frame: UnsafePointer<AVFrame>?) {
    let primaries =
      frame.map(\.pointee.color_primaries).flatMap { $0 == AVCOL_PRI_UNSPECIFIED ? nil : $0 } ?? par.color_primaries
    let transfer = frame.map(\.pointee.color_trc).flatMap { $0 == AVCOL_TRC_UNSPECIFIED ? nil : $0 } ?? par.color_trc
    let matrix = frame.map(\.pointee.colorspace).flatMap { $0 == AVCOL_SPC_UNSPECIFIED ? nil : $0 } ?? par.color_space
    let range = frame.map(\.pointee.color_range).flatMap { $0 == AVCOL_RANGE_UNSPECIFIED ? nil : $0 } ?? par.color_range
    let location =
      frame.map(\.pointee.chroma_location).flatMap { $0 == AVCHROMA_LOC_UNSPECIFIED ? nil : $0 } ?? par.chroma_location
    self.primaries =
      primaries == AVCOL_PRI_UNSPECIFIED ? nil : av_color_primaries_name(primaries).map { String(cString: $0) }
    self.transfer =
      transfer == AVCOL_TRC_UNSPECIFIED ? nil : av_color_transfer_name(transfer).map { String(cString: $0) }
    self.matrix = matrix == AVCOL_SPC_UNSPECIFIED ? nil : av_color_space_name(matrix).map { String(cString: $0) }
    self.range = range == AVCOL_RANGE_UNSPECIFIED ? nil : av_color_range_name(range).map { String(cString: $0) }
    chromaLocation =
      location == AVCHROMA_LOC_UNSPECIFIED ? nil : av_chroma_location_name(location).map { String(cString: $0) }
  }
}
