internal import CFFmpeg

/// Codes frames of one size and format (AVCodecContext). Times go through unchanged: its clock is the source stream's.
final class Encoder {
  private let owned: Owned<AVCodecContext>
  var context: UnsafeMutablePointer<AVCodecContext> { owned.pointer }
  private let path: String
  private let repacker: Repacker?
  private let width: Int32
  private let height: Int32
  private(set) var framesIn = 0
  private var isOpen = false
  private var isFinished = false
  private(set) var packetsOut = 0
  /// Durations of the frames inside the encoder: FFmpeg 5.1's encoders drop them.
  private var durations: [Int64: Int64] = [:]
  /// Captions of frames inside an encoder that drops them and whose packets can take them, by time.
  private var captions: [Int64: [UInt8]] = [:]
  private let captionsTreatment: CaptionsTreatment
  private var hasSaidCaptions = false
  private let report: @Sendable (String) -> Void

  private enum CaptionsTreatment { case byEncoder, inserted, lost }
  /// How long the last two frames that came in are shown, in ticks.
  private(set) var lastDurations: (before: Int64, last: Int64) = (0, 0)
  /// Options that the encoder does not know.
  let leftovers: [String: String]

  init(_ plan: OutputPlan, source: SourceInfo, container: Container, options: WriterOptions, path: String)
    throws(VideoError)
  {
    let path = outputName(path)
    self.path = path
    report = options.report
    captionsTreatment =
      !plan.keepsCaptions
      ? .lost : plan.encoder == "libx265" && !EncoderSettings.knows(plan, "a53cc") ? .inserted : .byEncoder
    let first = source.firstFrame.pointer
    let stream = source.snapshot.stream(source.video.index)
    width = Int32(options.pictureSize?.width ?? source.video.width)
    height = Int32(options.pictureSize?.height ?? source.video.height)
    let planar = PixelLayout.planarEquivalent(of: source.firstFrame.format)!.format
    repacker =
      planar == plan.format
      ? nil
      : try Repacker(from: planar, to: plan.format, isFullRange: ColourCoding(first).isFullRange, path: path)
    let codec = plan.codecHandle.pointer
    owned = Owned(avcodec_alloc_context3(codec))
    let context = owned.pointer
    context.pointee.width = width
    context.pointee.height = height
    context.pointee.pix_fmt = plan.format
    context.pointee.time_base = source.video.timeBase.c
    let rate = av_guess_frame_rate(source.snapshot.context, stream, nil)
    context.pointee.framerate = rate
    context.pointee.sample_aspect_ratio =
      source.video.sampleAspectRatio.isKnown ? source.video.sampleAspectRatio.c : AVRational(num: 0, den: 1)
    setColour(context, first, stream.pointee.codecpar)
    context.pointee.field_order = AV_FIELD_PROGRESSIVE
    // One thread: the network needs the cores, and the result depends on nothing but the input.
    context.pointee.thread_count = 1
    if container.format.pointee.flags & AVFMT_GLOBALHEADER != 0 { context.pointee.flags |= Int32(bitPattern: 1 << 22) }
    var dictionary = OptionDictionary()
    for (key, value) in EncoderSettings.defaults(plan, source: source, container: container, options: options) {
      dictionary.set(key, value)
    }
    for (key, value) in options.extra {
      // Lists of options of the library behind: what is asked for comes on top of ours, and the last of two counts.
      let isList = key.hasSuffix("-params") && dictionary.contains(key)
      if isList { dictionary.append(key, ":" + value) } else { dictionary.set(key, value) }
    }
    let opened = avcodec_open2(context, codec, &dictionary.pointer)
    leftovers = dictionary.entries
    guard opened >= 0 else {
      throw VideoError(
        .unsupported, file: path,
        "the encoder \(plan.encoder) refuses \(width)×\(height) \(plan.pixelFormat)",
        because: StatusCode(rawValue: opened),
        remedy: "check -c:v, --crf, --preset and -e, or choose another encoder")
    }
    isOpen = true
  }

  deinit {
    if isOpen, !isFinished { sayEnd() }
  }

  /// False for y4m, whose packets are frames in memory.
  var isCoding: Bool { context.pointee.codec_id != AV_CODEC_ID_WRAPPED_AVFRAME }

  /// SHA-256 of its parameter sets (extradata), which a container states once for all parts.
  var parameterSets: String {
    SHA256.hex(
      of: Array(UnsafeBufferPointer(start: context.pointee.extradata, count: Int(context.pointee.extradata_size))))
  }

  /// Takes a frame, and hands every packet that is ready to `body`.
  /// - Parameter precedesRestart: true for the last frame before another encoder goes on. It becomes no key frame: two IDR pictures in a row must
  ///   differ in idr_pic_id (H.264, 7.4.3), which every encoder counts from 0.
  func encode(_ frame: Frame, precedesRestart: Bool = false, _ body: (Packet) throws(VideoError) -> Void)
    throws(VideoError)
  {
    guard frame.pointer.pointee.width == width, frame.pointer.pointee.height == height else {
      throw VideoError(
        .output, file: path, "a picture of \(frame.width)×\(frame.height) cannot follow pictures of \(width)×\(height)",
        place: "at \(moment(frame.time))")
    }
    let owned: Owned<AVFrame>
    if let repacker {
      owned = try repacker.repack(frame.pointer)
    } else {
      owned = Owned(sharing: frame.pointer)
    }
    let copy = owned.pointer
    try SampleLimit.apply(to: copy, path: path)
    copy.pointee.pts = frame.pts
    cff_frame_set_duration(copy, frame.duration)
    cff_frame_forget_type(copy)
    // Nothing that holds two fields comes here; some recorders flag whole pictures so.
    cff_frame_set_progressive(copy)
    if precedesRestart, framesIn > 0, context.pointee.codec_id == AV_CODEC_ID_H264 {
      copy.pointee.pict_type = AV_PICTURE_TYPE_P
    }
    // JPEG's format names say the range; the planar names need the tag.
    if fullRangeAlias[copy.pointee.format] != nil { copy.pointee.color_range = AVCOL_RANGE_JPEG }
    durations[frame.pts] = frame.duration
    if let own = frame.captions { keep(own, of: frame) }
    lastDurations = (lastDurations.last, frame.duration)
    framesIn += 1
    try check(avcodec_send_frame(context, copy), .output, path, "the encoder failed", place: "at \(moment(frame.time))")
    try drain(body)
  }

  /// SVT-AV1 waits for ever when it is closed before it has had a picture and has been told the end.
  private func sayEnd() {
    guard String(cString: context.pointee.codec.pointee.name) == "libsvtav1" else { return }
    if framesIn == 0, let picture = try? Owned(context.pointee.pix_fmt, width: width, height: height) {
      picture.pointer.pointee.pts = 0
      avcodec_send_frame(context, picture.pointer)
    }
    avcodec_send_frame(context, nil)
    let packet = Packet()
    while avcodec_receive_packet(context, packet.pointer) >= 0 { av_packet_unref(packet.pointer) }
  }

  private func keep(_ own: [UInt8], of frame: Frame) {
    switch captionsTreatment {
    case .byEncoder: break
    case .inserted: captions[frame.pts] = own
    case .lost:
      if !hasSaidCaptions {
        report("the encoder \(encoderName) cannot write closed captions: those of the source are lost")
      }
      hasSaidCaptions = true
    }
  }

  private var encoderName: String { String(cString: context.pointee.codec.pointee.name) }

  func finish(_ body: (Packet) throws(VideoError) -> Void) throws(VideoError) {
    isFinished = true
    try check(avcodec_send_frame(context, nil), .output, path, "the encoder failed at the end")
    try drain(body)
  }

  private func drain(_ body: (Packet) throws(VideoError) -> Void) throws(VideoError) {
    while true {
      let packet = Packet()
      let code = avcodec_receive_packet(context, packet.pointer)
      if code == cff_try_again || code == cff_eof { return }
      try check(code, .output, path, "the encoder failed")
      if packet.pointer.pointee.pts != unknownTime,
        let duration = durations.removeValue(forKey: packet.pointer.pointee.pts)
      {
        packet.pointer.pointee.duration = duration
      }
      if let own = captions.removeValue(forKey: packet.pointer.pointee.pts) {
        try CaptionMessage.insert(own, into: packet)
      }
      packetsOut += 1
      try body(packet)
    }
  }
}

/// The colour of the first frame; where it says nothing, the container's; where both are silent, nothing.
private func setColour(
  _ context: UnsafeMutablePointer<AVCodecContext>, _ frame: UnsafeMutablePointer<AVFrame>,
  _ par: UnsafeMutablePointer<AVCodecParameters>
) {
  let f = frame.pointee, p = par.pointee
  context.pointee.color_primaries = f.color_primaries == AVCOL_PRI_UNSPECIFIED ? p.color_primaries : f.color_primaries
  context.pointee.color_trc = f.color_trc == AVCOL_TRC_UNSPECIFIED ? p.color_trc : f.color_trc
  context.pointee.colorspace = f.colorspace == AVCOL_SPC_UNSPECIFIED ? p.color_space : f.colorspace
  context.pointee.color_range = f.color_range == AVCOL_RANGE_UNSPECIFIED ? p.color_range : f.color_range
  if fullRangeAlias[f.format] != nil { context.pointee.color_range = AVCOL_RANGE_JPEG }
  // Grey without a tag is taken for full range; in these bitstreams silence means limited.
  let coding = ColourCoding(frame)
  if context.pointee.color_range == AVCOL_RANGE_UNSPECIFIED, coding.isFullRange,
    [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(context.pointee.codec_id)
  {
    context.pointee.color_range = AVCOL_RANGE_JPEG
  }
  context.pointee.chroma_sample_location =
    f.chroma_location == AVCHROMA_LOC_UNSPECIFIED ? p.chroma_location : f.chroma_location
}
