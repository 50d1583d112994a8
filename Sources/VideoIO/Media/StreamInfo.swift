internal import CFFmpeg

/// One stream of a file, as read from its container and, for the main video, from its first frame.
public struct StreamInfo: Sendable {
  /// Its place in the container, from 0.
  public let index: Int
  /// What it carries.
  public let kind: StreamKind
  /// FFmpeg's name: "h264", "aac"; "unknown" when FFmpeg has none.
  public let codec: String
  /// The codec's profile: "High", "Main 10".
  public let profile: String?
  /// Seconds a tick of its times.
  public let timeBase: Rational
  /// Seconds; nil when the container does not say.
  public let startTime: Double?
  /// Seconds; where an index lists sound before `startTime` (hidden by an edit list), the beginning of what a decoder needs of it.
  let firstTime: Double?
  /// What an edit list hides.
  let edits: EditedIndex
  /// Seconds; nil when the container does not say.
  public let duration: Double?
  /// Bits a second; nil when the container does not say.
  public let bitRate: Int64?
  /// ISO 639-2: "eng".
  public let language: String?
  /// The tag of this name.
  public let title: String?
  /// FFmpeg's names of the dispositions that are set: "default", "forced", "attached_pic".
  public let dispositions: [String]
  /// All its tags.
  public let metadata: [String: String]
  /// The text track in which MP4 keeps its chapters; FFmpeg has read it as such and hides it (discard).
  let isChapterTrack: Bool

  // Video
  /// Columns of pixels; 0 for other streams than video.
  public let width: Int
  /// Rows of pixels; 0 for other streams than video.
  public let height: Int
  /// FFmpeg's name: "yuv420p"; nil when unknown.
  public let pixelFormat: String?
  /// Bits a sample; 0 when unknown.
  public let bitDepth: Int
  /// Whether the pixel format has a plane of opacity.
  public let hasAlpha: Bool
  /// Frames a second on average, or the rate that the timestamps suggest (avg_frame_rate, r_frame_rate).
  public let frameRate: Rational
  /// True when every sign says that all frames last equally long.
  public let hasConstantFrameRate: Bool
  /// Width by height of one pixel; unknown means square.
  public let sampleAspectRatio: Rational
  /// Degrees clockwise by which players turn the picture (display matrix).
  public let rotation: Int
  /// How players turn and mirror the picture (display matrix).
  public let orientation: Orientation
  /// How code values become colours.
  public let colour: ColourTags
  /// Whether its frames are pairs of fields.
  public let isInterlaced: Bool
  /// The number of frames that the container announces, without those that an edit list hides; 0 when it does not.
  public let announcedFrames: Int64

  // Audio
  /// Samples a second of one channel; 0 for other streams than audio.
  public let sampleRate: Int
  /// Channels of sound; 0 for other streams than audio.
  public let channels: Int
  /// Samples that prime the decoder.
  let initialPadding: Int
  /// Samples that each packet decodes to; 0 where that varies.
  let frameSamples: Int

  /// Cover art: a picture, never "the video" (disposition attached_pic).
  public var isCover: Bool { dispositions.contains("attached_pic") }
  /// Whether players show the picture otherwise than it is stored.
  public var isTurned: Bool { rotation != 0 || orientation != .upright }
  /// The shape of a pixel as it is shown: its width by its height, after turning; 1 where nothing is known.
  public var shownPixelAspect: Double {
    // No display stretches further: a ratio beyond is damage.
    let aspect = (1.0 / 16...16).contains(sampleAspectRatio.value) ? sampleAspectRatio.value : 1
    return orientation.swapsAxes ? 1 / aspect : aspect
  }
}

extension StreamInfo {
  /// - Parameter place: its index, where that is not FFmpeg's.
  init(
    _ stream: UnsafePointer<AVStream>, index place: Int? = nil, frame: UnsafePointer<AVFrame>? = nil,
    isInterlaced: Bool? = nil
  ) {
    let par = stream.pointee.codecpar.pointee
    let timeBase = Rational(stream.pointee.time_base)
    let metadata = dictionary(stream.pointee.metadata)
    index = place ?? Int(stream.pointee.index)
    kind = StreamKind(par.codec_type)
    codec = par.codec_id == AV_CODEC_ID_NONE ? "unknown" : String(cString: avcodec_get_name(par.codec_id))
    profile = avcodec_profile_name(par.codec_id, par.profile).map { String(cString: $0) }
    self.timeBase = timeBase
    startTime = stream.pointee.start_time == unknownTime ? nil : timeBase.seconds(stream.pointee.start_time)
    edits = EditedIndex(of: UnsafeMutablePointer(mutating: stream))
    firstTime = par.codec_type == AVMEDIA_TYPE_AUDIO ? edits.needed.map(timeBase.seconds) : nil
    duration = statedDuration(stream).map(timeBase.seconds)
    bitRate = par.bit_rate > 0 ? par.bit_rate : nil
    language = metadata["language"]
    title = metadata["title"]
    dispositions = dispositionNames(stream.pointee.disposition)
    self.metadata = metadata
    isChapterTrack = stream.pointee.discard == AVDISCARD_ALL
    width = Int(frame?.pointee.width ?? par.width)
    height = Int(frame?.pointee.height ?? par.height)
    let format = AVPixelFormat(
      rawValue: frame?.pointee.format ?? (par.codec_type == AVMEDIA_TYPE_VIDEO ? par.format : -1))
    pixelFormat = av_get_pix_fmt_name(format).map { String(cString: $0) }
    let descriptor = av_pix_fmt_desc_get(format)
    bitDepth = descriptor.map { Int($0.pointee.comp.0.depth) } ?? 0
    hasAlpha = descriptor.map { ($0.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA)) != 0 } ?? false
    let average = Rational(stream.pointee.avg_frame_rate), base = Rational(stream.pointee.r_frame_rate)
    frameRate = average.isKnown ? average : base
    hasConstantFrameRate = average.isKnown && average.value == base.value
    let frameAspect = frame.map { Rational($0.pointee.sample_aspect_ratio) }
    let streamAspect = Rational(stream.pointee.sample_aspect_ratio)
    sampleAspectRatio = streamAspect.isKnown ? streamAspect : frameAspect ?? Rational(par.sample_aspect_ratio)
    let matrix = displayMatrix(stream)
    rotation = matrix.map(degrees) ?? 0
    orientation = matrix.map { Orientation(matrix: $0) } ?? .upright
    colour = ColourTags(par, frame: frame)
    let fieldOrder = par.field_order
    self.isInterlaced = isInterlaced ?? (fieldOrder != AV_FIELD_UNKNOWN && fieldOrder != AV_FIELD_PROGRESSIVE)
    announcedFrames = edits.hidden > 0 ? Int64(edits.shown) : stream.pointee.nb_frames
    sampleRate = Int(par.sample_rate)
    initialPadding = Int(max(0, par.initial_padding))
    frameSamples = Int(max(0, par.frame_size))
    channels = withUnsafePointer(to: par) { Int(cff_channel_count($0)) }
  }
}

/// How long a stream lasts, in its ticks; nil when its container does not say. All ones mean that too (ISO/IEC 14496-12, 8.2.2 and 8.4.2),
/// which FFmpeg takes for a number.
func statedDuration(_ stream: UnsafePointer<AVStream>) -> Int64? {
  let ticks = stream.pointee.duration
  return ticks == unknownTime || ticks == Int64(UInt32.max) ? nil : ticks
}

private func dispositionNames(_ disposition: Int32) -> [String] {
  (0..<31).compactMap { bit in
    let flag = Int32(1) << bit
    return disposition & flag == 0 ? nil : av_disposition_to_string(flag).map { String(cString: $0) }
  }
}

/// Clockwise, 0…359.
private func degrees(_ matrix: [Int32]) -> Int {
  let degrees = av_display_rotation_get(matrix)
  // FFmpeg counts counter-clockwise.
  return (Int(limiting: -degrees) % 360 + 360) % 360
}
