internal import CFFmpeg

/// A container format for writing (AVOutputFormat, a constant of the library), and what we know of it that FFmpeg does not tell.
struct Container: @unchecked Sendable {
  let format: UnsafePointer<AVOutputFormat>
  let name: String
  /// Written in fragments, so that a pipe can take it.
  let isFragmented: Bool

  var isISOMedia: Bool { ["mp4", "mov", "ipod", "3gp", "3g2", "psp", "ismv", "f4v"].contains(name) }
  var isMatroska: Bool { name == "matroska" || name == "webm" }
  var isMPEGTS: Bool { name == "mpegts" }
  var isAVI: Bool { name == "avi" }
  var isY4M: Bool { name == "yuv4mpegpipe" }
  /// Whether every frame keeps its own time.
  var keepsTimes: Bool { !isAVI && !isY4M }
  /// AVI counts frames and cannot store a display order of its own; the muxer of NUT moves everything until decoding begins at 0.
  var allowsReordering: Bool { !isAVI && name != "nut" }
  /// Whether the last frame can be shown longer or shorter than the others.
  var keepsLastDuration: Bool { isISOMedia }
  /// Whether players are told to turn the picture (display matrix).
  var keepsRotation: Bool { isISOMedia || (isMatroska && cff_matroska_keeps_rotation != 0) }
  /// Whether a stream's timecode is stored, as a track or a tag.
  var keepsTimecode: Bool { isISOMedia || isMatroska }
  /// Whether a description of the projection, or of what each eye sees, is stored. Of the family of MP4, FFmpeg writes them into files of that
  /// name only, and of the stereo arrangements there those side by side and one above the other.
  func keeps(stereo: UInt32) -> Bool {
    isMatroska
      || (name == "mp4"
        && [AV_STEREO3D_2D, AV_STEREO3D_SIDEBYSIDE, AV_STEREO3D_TOPBOTTOM].contains { $0.rawValue == stereo })
  }
  var keepsProjection: Bool { isMatroska || name == "mp4" }
  /// Whether sound can end within its last packet.
  var keepsSoundEnds: Bool { isMatroska || (isISOMedia && !isFragmented) }
  /// Ticks of a second, where the clock cannot be finer. FFmpeg writes faster AVI as one of 600 frames a second.
  var clockRate: Double? { isMatroska || isAVI ? 1000 : isMPEGTS ? 90_000 : nil }
  /// The largest step from one time to the next, in ticks: what the boxes of MP4 hold, and half of what the clock of a transport stream counts.
  var longestStep: Int64 { isISOMedia ? Int64(Int32.max) : isMPEGTS ? 1 << 32 : Int64.max }
  var needsSeeking: Bool { (isISOMedia && !isFragmented) || isAVI }

  /// - Throws: when the extension or the name is unknown.
  init(path: String, options: WriterOptions) throws(VideoError) {
    let movflags = options.extra["movflags"] ?? ""
    let wanted = options.format
    isFragmented =
      wanted == "fmp4" || ["frag", "empty_moov", "dash", "cmaf", "isml"].contains { movflags.contains($0) }
    let alias = ["fmp4": "mp4", "mkv": "matroska", "ts": "mpegts", "y4m": "yuv4mpegpipe"]
    let found: UnsafePointer<AVOutputFormat>?
    if let wanted {
      found = av_guess_format(alias[wanted] ?? wanted, nil, nil)
    } else if path == "-" {
      throw VideoError(
        .output, file: path, "needs a container format", remedy: "add -f matroska (or nut, mpegts, fmp4, yuv4mpegpipe)")
    } else {
      found = av_guess_format(nil, path, nil)
    }
    guard let found else {
      let what = wanted.map { "there is no container named \"\($0)\"" } ?? "its extension names no container"
      throw VideoError(
        .output, file: path, what, remedy: "use .mp4, .mov, .mkv, .webm, .ts, .avi, .nut or .y4m, or -f NAME")
    }
    let name = String(cString: found.pointee.name)
    let supported = ["mp4", "mov", "ipod", "matroska", "webm", "mpegts", "avi", "nut", "yuv4mpegpipe"]
    guard supported.contains(name) else {
      throw VideoError(
        .output, file: path, "the container \(name) is not one that keeps everything",
        remedy: "use .mp4, .mov, .mkv, .webm, .ts, .avi, .nut or .y4m")
    }
    format = found
    self.name = name
  }

  /// Whether the sound's priming (initial_padding) is stated, so that it is not heard.
  func statesDelay(of codec: AVCodecID) -> Bool { isMatroska && cff_matroska_states_delay(codec) != 0 }

  /// Extensions of the containers that can store a stream of this codec.
  static func homes(of codec: AVCodecID, kind: AVMediaType) -> [String] {
    [".mkv", ".mov", ".mp4", ".ts", ".nut", ".avi"].filter { ending in
      (try? Container(path: "a\(ending)", options: WriterOptions()))?.takes(codec, kind: kind) == true
    }
  }

  /// Whether a stream of this codec can be stored (avformat_query_codec; a list of our own for transport streams, which take anything but
  /// give only these back).
  func takes(_ codec: AVCodecID, kind: AVMediaType) -> Bool {
    if isY4M { return codec == AV_CODEC_ID_WRAPPED_AVFRAME }
    if isMPEGTS { return transportCodecs.contains(codec.rawValue) }
    if name == "nut",
      kind == AVMEDIA_TYPE_ATTACHMENT || kind == AVMEDIA_TYPE_DATA || codecsOfStatedSize.contains(codec.rawValue)
    {
      return false
    }
    if isMatroska, kind == AVMEDIA_TYPE_ATTACHMENT { return name == "matroska" }
    if kind == AVMEDIA_TYPE_ATTACHMENT || codec == AV_CODEC_ID_NONE { return false }
    // Its muxer has tags for them, but takes them into MP4 only.
    if name == "mov", takenByMP4Alone.contains(codec.rawValue) { return false }
    if avformat_query_codec(format, codec, FF_COMPLIANCE_NORMAL) == 1 { return true }
    // What Matroska has no name of its own for goes under WAV's (A_MS/ACM); its muxer does so unasked.
    return name == "matroska" && kind == AVMEDIA_TYPE_AUDIO && cff_has_riff_audio_tag(codec) != 0
  }
}

private let takenByMP4Alone: Set<UInt32> = [
  AV_CODEC_ID_VP9, AV_CODEC_ID_AV1, AV_CODEC_ID_FLAC, AV_CODEC_ID_OPUS, AV_CODEC_ID_TRUEHD,
].reduce(into: []) { $0.insert($1.rawValue) }

/// Sound that no decoder takes without the size of its blocks or samples, which NUT does not state.
private let codecsOfStatedSize: Set<UInt32> = [
  AV_CODEC_ID_WMAV1, AV_CODEC_ID_WMAV2, AV_CODEC_ID_WMAPRO, AV_CODEC_ID_WMAVOICE, AV_CODEC_ID_WMALOSSLESS,
  AV_CODEC_ID_ATRAC3, AV_CODEC_ID_COOK, AV_CODEC_ID_SIPR, AV_CODEC_ID_ADPCM_G726, AV_CODEC_ID_ADPCM_G726LE,
].reduce(into: []) { $0.insert($1.rawValue) }

private let transportCodecs: Set<UInt32> = [
  AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC,
  AV_CODEC_ID_CAVS,
  AV_CODEC_ID_DIRAC, AV_CODEC_ID_VC1, AV_CODEC_ID_MP1, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_AAC,
  AV_CODEC_ID_AAC_LATM,
  AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3, AV_CODEC_ID_DTS, AV_CODEC_ID_TRUEHD, AV_CODEC_ID_OPUS, AV_CODEC_ID_S302M,
  AV_CODEC_ID_DVB_SUBTITLE, AV_CODEC_ID_DVB_TELETEXT, AV_CODEC_ID_HDMV_PGS_SUBTITLE, AV_CODEC_ID_SMPTE_KLV,
  AV_CODEC_ID_TIMED_ID3,
].reduce(into: []) { $0.insert($1.rawValue) }
