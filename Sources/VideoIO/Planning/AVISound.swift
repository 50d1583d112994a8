internal import CFFmpeg

/// How AVI counts copied sound: in blocks of one size (dwSampleSize), or, where it states none, in packets. A wrong length of these and all sound
/// plays at another pace.
enum AVISound {
  /// Whether FFmpeg tells how long a block or a packet lasts.
  static func canCount(_ par: AVCodecParameters) -> Bool {
    var par = par
    // Of Windows Media Audio without its block size, as MOV has it, the bit rate is a guess.
    if isCoarse(par.codec_id) { return par.block_align > 0 && par.bit_rate > 0 }
    return av_get_exact_bits_per_sample(par.codec_id) > 0 || par.frame_size > 1
      || av_get_audio_frame_duration2(&par, 0) > 0
      || av_get_audio_frame_duration2(&par, par.block_align) > 0
  }

  /// Says to FFmpeg's muxer (ff_parse_specific_params) what lies in a stream: it goes by the bit rate where the source's demuxer left the
  /// length of a block open, and by the block size of AVI's own header where packets have no common size.
  static func prepare(_ par: UnsafeMutablePointer<AVCodecParameters>) {
    let isUncompressed = String(cString: avcodec_get_name(par.pointee.codec_id)).hasPrefix("pcm_")
    if isUncompressed || isCoarse(par.pointee.codec_id) { return }
    if inPackets.contains(par.pointee.codec_id.rawValue) {
      par.pointee.block_align = 0
    } else if par.pointee.frame_size <= 1, par.pointee.block_align > 0 {
      par.pointee.frame_size = av_get_audio_frame_duration2(par, par.pointee.block_align)
    }
  }

  /// Windows Media Audio is counted by its bit rate everywhere.
  private static func isCoarse(_ codec: AVCodecID) -> Bool { [AV_CODEC_ID_WMAV1, AV_CODEC_ID_WMAV2].contains(codec) }

  private static let inPackets: Set<UInt32> = [
    AV_CODEC_ID_MP2.rawValue, AV_CODEC_ID_MP3.rawValue, AV_CODEC_ID_AAC.rawValue, AV_CODEC_ID_AC3.rawValue,
    AV_CODEC_ID_EAC3.rawValue,
  ]
}
