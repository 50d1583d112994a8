internal import CFFmpeg

/// What a source says about displaying more than the standard range of brightness, beside its colour tags.
extension SourceInfo {
  /// For people: `HDR10 (PQ), graded on a display of 1000 cd/m²`, `HDR (HLG), Dolby Vision profile 8.4`; nil where there is
  /// nothing to say.
  public var dynamicRange: String? {
    var facts: [String] = []
    switch video.colour.transfer {
    case "smpte2084":
      guard let display = masteringDisplay, display.has_luminance != 0 else {
        facts.append("HDR (PQ)")
        break
      }
      facts.append("HDR10 (PQ), graded on a display of \(Int(limiting: Rational(display.max_luminance).value)) cd/m²")
    case "arib-std-b67": facts.append("HDR (HLG)")
    default: break
    }
    if hasHDR10Plus { facts.append("HDR10+") }
    if let dolbyVision { facts.append("Dolby Vision \(dolbyVision.name)") }
    return facts.isEmpty ? nil : facts.joined(separator: ", ")
  }

  /// The display on which the pictures were graded (SMPTE ST 2086).
  var masteringDisplay: AVMasteringDisplayMetadata? {
    sideData(AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_MASTERING_DISPLAY_METADATA)
  }

  /// The brightest pixel and the brightest picture (CTA-861.3).
  var contentLight: AVContentLightMetadata? {
    sideData(AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, AV_PKT_DATA_CONTENT_LIGHT_LEVEL)
  }

  /// Whether pictures carry metadata of their own (SMPTE ST 2094-40).
  var hasHDR10Plus: Bool { av_frame_get_side_data(firstFrame.pointer, AV_FRAME_DATA_DYNAMIC_HDR_PLUS) != nil }

  /// Dolby Vision, as the container states it or the first picture carries it.
  var dolbyVision: DolbyVision? {
    if let record: AVDOVIDecoderConfigurationRecord = sideData(nil, AV_PKT_DATA_DOVI_CONF) {
      return DolbyVision(profile: Int(record.dv_profile), compatibility: Int(record.dv_bl_signal_compatibility_id))
    }
    return av_frame_get_side_data(firstFrame.pointer, AV_FRAME_DATA_DOVI_RPU_BUFFER) == nil
      ? nil : DolbyVision(profile: nil, compatibility: nil)
  }

  /// Metadata of the first frame, or of the stream.
  private func sideData<T>(_ frameType: AVFrameSideDataType?, _ streamType: AVPacketSideDataType) -> T? {
    if let frameType, let item = av_frame_get_side_data(firstFrame.pointer, frameType),
      item.pointee.size >= MemoryLayout<T>.size
    {
      return UnsafeRawPointer(item.pointee.data!).loadUnaligned(as: T.self)
    }
    let stream = snapshot.stream(video.index)
    for i in 0..<cff_stream_side_data_count(stream) {
      let item = cff_stream_side_data_at(stream, i)!.pointee
      if item.type == streamType, item.size >= MemoryLayout<T>.size {
        return UnsafeRawPointer(item.data!).loadUnaligned(as: T.self)
      }
    }
    return nil
  }
}

/// Dolby Vision as configured for a stream (Dolby Vision Streams within the ISO Base Media File Format, 2.2); nil where only pictures tell.
struct DolbyVision {
  let profile: Int?
  /// What the pictures are without the metadata: 1 and 6 HDR10, 2 SDR, 4 HLG, 0 nothing that other displays know.
  let compatibility: Int?

  /// `profile 8.1`
  var name: String {
    guard let profile else { return "metadata" }
    return "profile \(profile)" + (profile >= 8 ? compatibility.map { ".\($0)" } ?? "" : "")
  }

  /// False for pictures in a colour space of Dolby's own (profiles 5, 10.0 and 20): without the metadata their colours are wrong.
  var isViewableWithoutMetadata: Bool { profile != 5 && !(compatibility == 0 && (profile ?? 0) >= 8) }
}
