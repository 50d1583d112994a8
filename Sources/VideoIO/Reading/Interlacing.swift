internal import CFFmpeg

extension FrameFeed {
  /// Whether a frame is made of two fields: by its own flag, or by the container's for codecs that have none.
  static func isInterlaced(_ frame: UnsafeMutablePointer<AVFrame>, _ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    if cff_frame_is_interlaced(frame) != 0 { return true }
    let par = stream.pointee.codecpar.pointee
    let flagsItself = [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_VC1, AV_CODEC_ID_MPEG4]
    return par.field_order.rawValue > AV_FIELD_PROGRESSIVE.rawValue && !flagsItself.contains(par.codec_id)
  }
}

func interlacedRefusal(_ path: String, place: String? = nil) -> VideoError {
  VideoError(
    .unsupported, file: path,
    "is flagged as interlaced: its frames are pairs of half pictures taken at different times",
    place: place,
    remedy:
      "make it progressive first: ffmpeg -i INPUT -vf bwdif=mode=send_frame -c:a copy PROGRESSIVE; "
      + "or add --progressive if it shows no comb teeth where something moves: many recorders flag whole pictures so")
}
