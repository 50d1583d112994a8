internal import CFFmpeg

/// Writes packets of several streams into a container (AVFormatContext).
final class Muxer {
  private let owned: Owned<AVFormatContext>
  private var context: UnsafeMutablePointer<AVFormatContext> { owned.pointer }
  private let output: OutputFile
  private let container: Container
  private let source: SourceInfo
  /// Output stream by input stream.
  private var mapping: [Int: Int32] = [:]
  /// Ticks to add to a stream's times before rescaling, by input stream.
  private var shifts: [Int: Int64] = [:]
  private var repairs: [Int: CopyTimes] = [:]
  /// The last decoding time written, in ticks of the output, by input stream.
  private var lastTimes: [Int: Int64] = [:]
  private let report: @Sendable (String) -> Void
  /// Streams whose first packet has not passed yet.
  private var fresh: Set<Int> = []
  private var path: String { outputName(output.path) }

  init(
    _ plan: OutputPlan, source: SourceInfo, container: Container, encoder: Encoder, output: OutputFile,
    options: WriterOptions
  )
    throws(VideoError)
  {
    self.output = output
    self.container = container
    self.source = source
    report = options.report
    var made: UnsafeMutablePointer<AVFormatContext>?
    let code = avformat_alloc_output_context2(&made, container.format, nil, output.url.fileName)
    guard code >= 0, let made else {
      throw VideoError(
        .output, file: output.path, "\(container.name) cannot be written", because: StatusCode(rawValue: code))
    }
    owned = Owned(made)
    context.pointee.pb = output.context
    // Whoever reads a pipe wants each picture as soon as it is there; a file wants large blocks.
    context.pointee.flush_packets = output.isSeekable ? 0 : 1
    // Unofficial in y4m: more than 8 bits. In MP4: stereo and spherical metadata; experimental there: FLAC.
    if container.isY4M { context.pointee.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL }
    if container.isISOMedia { context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL }
    // Else the tracks get random numbers, and no two runs write the same file.
    if container.isMatroska { context.pointee.flags |= AVFMT_FLAG_BITEXACT }
    // The pictures begin at 0, and sound that comes before them is not counted by times: moving both would leave a hole behind the first.
    if container.isAVI { context.pointee.avoid_negative_ts = 0 }
    let timeline = Timeline(source: source, container: container)
    for info in source.streams { try addStream(info, plan, encoder) }
    ContainerTags.copyGlobal(source, to: context)
    moveTimecode(in: &context.pointee.metadata)
    copyChapters(from: source.snapshot.context, to: context) { timeline.place(chapter: $1, in: Rational($0)) }
    for info in source.streams where mapping[info.index] != nil {
      shifts[info.index] = timeline.shift(of: source.snapshot.stream(info.index))
      if info.kind == .audio { fresh.insert(info.index) }
    }
    if ContainerLosses(source, container, kept: source.streams.filter { mapping[$0.index] != nil }).keepsPrograms {
      copyPrograms(from: source.snapshot.context, to: context) { mapping[$0].map(Int.init) }
    }
    try writeHeader(encoder, options)
  }

  /// Whether packets of an input stream are stored.
  func takes(_ stream: Int) -> Bool {
    mapping[stream] != nil && source.snapshot.stream(stream).pointee.attached_pic.size == 0
  }

  private func addStream(_ info: StreamInfo, _ plan: OutputPlan, _ encoder: Encoder) throws(VideoError) {
    let from = source.snapshot.stream(info.index)
    switch plan.treatments[info.index] {
    case .reencoded:
      let to = newStream(for: info, from)
      avcodec_parameters_from_context(to.pointee.codecpar, encoder.context)
      if container.isISOMedia, to.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_HEVC {
        to.pointee.codecpar.pointee.codec_tag = fourCC("hvc1")
      }
      if container.isMatroska, to.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_VP9,
        plan.pixelFormat.hasPrefix("yuva")
      {
        av_dict_set(&to.pointee.metadata, "alpha_mode", "1", 0)
      }
      to.pointee.sample_aspect_ratio = encoder.context.pointee.sample_aspect_ratio
      // A rate is stated only where there is one.
      let hasClock = container.isISOMedia && source.timecode != nil && source.timecodeRate.isKnown
      if (info.hasConstantFrameRate || container.isY4M || container.isAVI) && !hasClock {
        to.pointee.avg_frame_rate = encoder.context.pointee.framerate
      }
      let size = PictureSize(width: Int(encoder.context.pointee.width), height: Int(encoder.context.pointee.height))
      let isResized = size != PictureSize(width: info.width, height: info.height)
      copySideData(from, to) { type in
        // Describes the source's bitstream, or Dolby Vision layers that are not there any more.
        ![AV_PKT_DATA_CPB_PROPERTIES, AV_PKT_DATA_DOVI_CONF].contains(type)
          && !(isResized && type == AV_PKT_DATA_DISPLAYMATRIX)
      }
      if isResized, let matrix = displayMatrix(from) {
        let bytes = cff_stream_new_side_data(to, AV_PKT_DATA_DISPLAYMATRIX, 36)
        displayMatrix(matrix, for: size).withUnsafeBytes {
          bytes?.update(from: $0.bindMemory(to: UInt8.self).baseAddress!, count: 36)
        }
      }
      // Often only the bitstream says so; players look into the container.
      if let display = source.masteringDisplay { store(display, as: AV_PKT_DATA_MASTERING_DISPLAY_METADATA, of: to) }
      if let light = source.contentLight { store(light, as: AV_PKT_DATA_CONTENT_LIGHT_LEVEL, of: to) }
    case .copied:
      let to = newStream(for: info, from)
      try check(
        avcodec_parameters_copy(to.pointee.codecpar, from.pointee.codecpar), .output, path, "a stream cannot be copied")
      to.pointee.codecpar.pointee.codec_tag = container.tag(for: from.pointee.codecpar.pointee)
      if container.isAVI, info.kind == .audio { AVISound.prepare(to.pointee.codecpar) }
      to.pointee.sample_aspect_ratio = from.pointee.sample_aspect_ratio
      to.pointee.avg_frame_rate = from.pointee.avg_frame_rate
      copySideData(from, to)
    case .moved(.attachment):
      try addCover(info, from)
    case .moved, .dropped, nil: break
    }
  }

  private func store<T>(_ value: T, as type: AVPacketSideDataType, of stream: UnsafeMutablePointer<AVStream>) {
    guard let data = cff_stream_new_side_data(stream, type, MemoryLayout<T>.size) else { return }
    UnsafeMutableRawPointer(data).storeBytes(of: value, as: T.self)
  }

  private func newStream(for info: StreamInfo, _ from: UnsafeMutablePointer<AVStream>) -> UnsafeMutablePointer<AVStream>
  {
    let to = allocated(avformat_new_stream(context, nil))
    // A wish; the container may change it when the header is written.
    to.pointee.time_base = from.pointee.time_base
    let rate = Rational(from.pointee.avg_frame_rate)
    if !container.keepsTimes, info.kind == .video, rate.isKnown {
      to.pointee.time_base = AVRational(num: rate.denominator, den: rate.numerator)
    }
    to.pointee.disposition = from.pointee.disposition
    if container.isMPEGTS, source.formatName == "mpegts" { to.pointee.id = from.pointee.id }
    ContainerTags.copyStream(from, to: to, isReencoded: info.index == source.video.index)
    if container.name == "mov", let code = info.language.flatMap(QuickTimeLanguage.code) {
      av_dict_set(&to.pointee.metadata, "language", code, 0)
    }
    moveTimecode(in: &to.pointee.metadata)
    if info.index == source.video.index, let timecode = source.timecode { stateTimecode(timecode, of: to) }
    mapping[info.index] = to.pointee.index
    return to
  }

  private func moveTimecode(in tags: inout OpaquePointer?) {
    guard let entry = av_dict_get(tags, "timecode", nil, 0) else { return }
    av_dict_set(&tags, entry.pointee.key, source.moved(String(fileName: entry.pointee.value)).fileName, 0)
  }

  /// The main video carries the timecode: MP4 and MOV make a track of it, whose rate is the stream's.
  private func stateTimecode(_ timecode: String, of stream: UnsafeMutablePointer<AVStream>) {
    guard container.keepsTimecode else { return }
    av_dict_set(&stream.pointee.metadata, "timecode", timecode, 0)
    if container.isISOMedia, source.timecodeRate.isKnown {
      stream.pointee.avg_frame_rate = source.timecodeRate.c
      stream.pointee.r_frame_rate = source.timecodeRate.c
    }
  }

  /// Matroska keeps covers as attached files.
  private func addCover(_ info: StreamInfo, _ from: UnsafeMutablePointer<AVStream>) throws(VideoError) {
    let picture = from.pointee.attached_pic
    guard picture.size > 0, let data = picture.data else { return }
    let to = allocated(avformat_new_stream(context, nil))
    let par = to.pointee.codecpar!
    par.pointee.codec_type = AVMEDIA_TYPE_ATTACHMENT
    par.pointee.codec_id = from.pointee.codecpar.pointee.codec_id
    let copy = av_mallocz(Int(picture.size) + Int(cff_input_padding))!.assumingMemoryBound(to: UInt8.self)
    copy.update(from: data, count: Int(picture.size))
    par.pointee.extradata = copy
    par.pointee.extradata_size = picture.size
    ContainerTags.copyStream(from, to: to, isReencoded: false)
    let kinds = [
      AV_CODEC_ID_PNG.rawValue: "png", AV_CODEC_ID_BMP.rawValue: "bmp", AV_CODEC_ID_GIF.rawValue: "gif",
      AV_CODEC_ID_WEBP.rawValue: "webp",
    ]
    let kind = kinds[par.pointee.codec_id.rawValue] ?? "jpeg"
    av_dict_set(&to.pointee.metadata, "mimetype", "image/\(kind)", AV_DICT_DONT_OVERWRITE)
    av_dict_set(&to.pointee.metadata, "filename", "cover.\(kind == "jpeg" ? "jpg" : kind)", AV_DICT_DONT_OVERWRITE)
  }

  private func writeHeader(_ encoder: Encoder, _ options: WriterOptions) throws(VideoError) {
    var dictionary = OptionDictionary()
    if container.isISOMedia {
      dictionary.set("movie_timescale", Int64(movieTimescale))
      if ContainerTags.needsMetadataKeys(context) { dictionary.set("movflags", "+use_metadata_tags") }
      if options.format == "fmp4" {
        dictionary.append("movflags", "+frag_keyframe+delay_moov+default_base_moof")
      }
      if let main = mapping[source.video.index],
        av_dict_get(context.pointee.streams[Int(main)]!.pointee.metadata, "timecode", nil, 0) != nil
      {
        dictionary.set("write_tmcd", "1")
      }
    }
    // Blu-ray and AVCHD put a time before each packet; FFmpeg goes by the name, which is not yet this.
    if container.isMPEGTS, [".m2ts", ".mts"].contains(where: output.path.lowercased().hasSuffix) {
      dictionary.set("mpegts_m2ts_mode", "1")
    }
    for (key, value) in encoder.leftovers {
      if key == "movflags", value.hasPrefix("+") { dictionary.append(key, value) } else { dictionary.set(key, value) }
    }
    let known = Set(dictionary.entries.keys)
    try check(
      avformat_write_header(context, &dictionary.pointer), .output, path,
      "the \(container.name) header cannot be written")
    if let stranger = dictionary.entries.keys.first(where: {
      known.contains($0) && encoder.leftovers[$0] != nil
    }) {
      throw VideoError(
        .unsupported, file: path, "neither the encoder nor \(container.name) knows the option \"\(stranger)\"",
        remedy: "check the -e options")
    }
    let isStrict = container.format.pointee.flags & AVFMT_TS_NONSTRICT == 0
    for (from, to) in mapping where from != source.video.index {
      // The header has settled the output's clock.
      let timeBase = Rational(context.pointee.streams[Int(to)]!.pointee.time_base)
      repairs[from] = CopyTimes(source.snapshot.stream(from), timeBase: timeBase, isStrict: isStrict)
    }
    for info in source.streams where takesCover(info.index) { try writeCover(info.index) }
  }

  private func takesCover(_ stream: Int) -> Bool {
    mapping[stream] != nil && source.snapshot.stream(stream).pointee.attached_pic.size > 0
  }

  private func writeCover(_ stream: Int) throws(VideoError) {
    let packet = Packet()
    av_packet_ref(packet.pointer, &source.snapshot.stream(stream).pointee.attached_pic)
    packet.pointer.pointee.stream_index = mapping[stream]!
    packet.pointer.pointee.pts = 0
    packet.pointer.pointee.dts = 0
    try check(av_interleaved_write_frame(context, packet.pointer), .output, path, "the cover cannot be written")
  }

  /// Fine enough for every stream's times: edit lists are counted in it (ISO/IEC 14496-12, mvhd).
  private var movieTimescale: Int32 {
    var result: Int64 = 1000
    for info in source.streams where mapping[info.index] != nil && (info.kind == .video || info.kind == .audio) {
      let ticks = Int64(info.kind == .audio && info.sampleRate > 0 ? Int32(info.sampleRate) : info.timeBase.denominator)
      let common = result / av_gcd(result, ticks) * ticks
      if common <= 100_000_000 { result = common }
    }
    return Int32(result)
  }

  /// Writes a packet of the re-encoded video (times in the source stream's ticks).
  func write(encoded packet: Packet) throws(VideoError) {
    packet.pointer.pointee.stream_index = Int32(source.video.index)
    try mux(packet)
  }

  /// Writes a packet of another stream, byte for byte.
  func write(copied packet: Packet) throws(VideoError) {
    let index = packet.streamIndex
    guard takes(index) else { return }
    if fresh.remove(index) != nil { sayIfHeard(packet) }
    packet.pointer.pointee.dts = plausible(packet.pointer.pointee.dts)
    packet.pointer.pointee.pts = plausible(packet.pointer.pointee.pts)
    try mux(packet)
  }

  /// Sound that is to be skipped (the codec's priming, or what an edit list hides) comes first in a stream.
  private func sayIfHeard(_ packet: Packet) {
    let stream = source.streams[packet.streamIndex]
    let codec = source.snapshot.stream(stream.index).pointee.codecpar.pointee.codec_id
    let known = container.statesDelay(of: codec) ? stream.initialPadding : 0
    let heard = packet.skippedSamples - known
    let isHidden = container.hides(packet.sortingTime &+ (shifts[stream.index] ?? 0))
    guard !isHidden, heard > 0, stream.sampleRate > 0 else { return }
    let seconds = Double(heard) / Double(stream.sampleRate)
    report(
      "stream \(stream.index) (\(stream.codec)) begins with \(moment(seconds)) of hidden sound, which \(container.name) cannot mark as hidden: "
        + "it is heard before the beginning, in sync")
  }

  private func mux(_ packet: Packet) throws(VideoError) {
    let index = packet.streamIndex
    let p = packet.pointer
    let time = source.snapshot.stream(index).pointee.time_base
    let shift = shifts[index] ?? 0
    if p.pointee.pts != unknownTime { p.pointee.pts &+= shift }
    if p.pointee.dts != unknownTime { p.pointee.dts &+= shift }
    let moment = VideoIO.moment(Rational(time).seconds(packet.sortingTime == unknownTime ? 0 : packet.sortingTime))
    p.pointee.stream_index = mapping[index]!
    p.pointee.pos = -1
    av_packet_rescale_ts(p, time, context.pointee.streams[Int(mapping[index]!)]!.pointee.time_base)
    repairs[index]?.repair(packet)
    try checkStep(packet, index)
    try check(av_interleaved_write_frame(context, p), .output, path, "cannot be written", place: "at \(moment)")
    try check(output.context.pointee.error, .output, path, "cannot be written", place: "at \(moment)")
  }

  /// Refuses what the container's fields cannot count: FFmpeg would move the picture, or call it an invalid argument.
  private func checkStep(_ packet: Packet, _ stream: Int) throws(VideoError) {
    let p = packet.pointer.pointee
    guard p.dts != unknownTime, p.pts != unknownTime else { return }
    let step = max(p.dts &- (lastTimes[stream] ?? p.dts), p.pts &- p.dts, p.duration)
    lastTimes[stream] = p.dts
    guard step > container.longestStep else { return }
    let clock = Rational(context.pointee.streams[Int(p.stream_index)]!.pointee.time_base)
    throw VideoError(
      .unsupported, file: path,
      "\(container.name) cannot count steps in time of \(Int(limiting: clock.seconds(step))) s (at most \(Int(limiting: clock.seconds(container.longestStep))) s here)",
      place: "at \(VideoIO.moment(clock.seconds(p.pts)))", remedy: "write .mkv or .nut")
  }

  func finish() throws(VideoError) {
    try check(av_write_trailer(context), .output, path, "cannot be completed")
    try check(output.context.pointee.error, .output, path, "cannot be completed")
  }
}

extension Container {
  /// The stream's own tag if it means the same here; else the container chooses.
  func tag(for par: AVCodecParameters) -> UInt32 {
    guard let table = format.pointee.codec_tag else { return par.codec_tag }
    var preferred: UInt32 = 0
    if av_codec_get_id(table, par.codec_tag) == par.codec_id { return par.codec_tag }
    return av_codec_get_tag2(table, par.codec_id, &preferred) == 0 ? par.codec_tag : 0
  }
}
