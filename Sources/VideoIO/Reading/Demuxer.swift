internal import CFFmpeg
internal import Glibc

/// Opens a container and reads its packets (AVFormatContext).
///
/// Only containers of video and sound are accepted, and only local bytes: a playlist inside a file named .mp4 can reach neither the network nor
/// another file.
public final class Demuxer {
  /// The path as given; `-` is standard input.
  public let path: String
  /// All streams, in the container's order.
  public let streams: [StreamInfo]
  /// Chapters, by their start.
  public let chapters: [Chapter]
  /// The container's tags.
  public let metadata: [String: String]
  /// FFmpeg's short name: "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm".
  public let formatName: String
  /// Seconds; nil when the container does not say.
  public let duration: Double?

  let source: InputSource
  private let owned: Owned<AVFormatContext>
  private let input: CustomInput?
  var context: UnsafeMutablePointer<AVFormatContext> { owned.pointer }
  /// The place in ``streams`` by FFmpeg's id, where streams have one and were surveyed.
  private let places: [Int32: Int]
  private var clock = CommonClock()
  /// The latest end of a packet that was read, in seconds, as the file states it.
  private(set) var lastEnd = 0.0
  /// The last packet that was read.
  private(set) var lastPacket: (position: Int64, size: Int64, isCorrupt: Bool)?
  /// Packets that come before what is read next.
  private var waiting: [Packet] = []
  /// Streams that ended, of which FFmpeg still holds packets that were handed out already.
  private var ended: Set<Int32> = []
  /// Streams that the opening did not tell of, by their place in FFmpeg's list.
  private(set) var strangers: [Int: Stranger] = [:]

  /// A stream that begins after the file was opened.
  struct Stranger {
    let kind: StreamKind
    let codec: String
    /// Seconds.
    let time: Double
  }

  /// Opens `path` (`-` for standard input) and reads its headers.
  /// - Parameter report: receives one-line notices, such as that a stream had to be kept in a temporary file.
  /// - Throws: ``VideoError`` of kind `.input` that says what the file is when it is no video.
  public convenience init(path: String, report: (String) -> Void = { _ in }) throws(VideoError) {
    try self.init(source: InputSource(path: path, report: report), maximumPixels: MemoryLimit.standard.maximumPixels)
  }

  convenience init(source: InputSource, maximumPixels: Int) throws(VideoError) {
    try self.init(source) { probe($0, maximumPixels: maximumPixels) }
  }

  /// Opens a source without decoding anything, so that only its header's streams are known.
  convenience init(unprobed source: InputSource) throws(VideoError) { try self.init(source) { _ in 0 } }

  private init(_ source: InputSource, _ probing: (UnsafeMutablePointer<AVFormatContext>) -> Int32) throws(VideoError) {
    _ = quietFFmpeg
    self.source = source
    path = source.path
    input = source.makeInput()
    var opening: UnsafeMutablePointer<AVFormatContext>? = allocated(avformat_alloc_context())
    // What cannot be opened is freed by FFmpeg.
    opening!.pointee.pb = input?.context
    // Late streams: sound that begins a minute after the picture still gets its parameters. Probing stops as soon as all are known.
    opening!.pointee.probesize = 64 << 20
    opening!.pointee.max_analyze_duration = 90 * cff_ticks_per_second
    var options = OptionDictionary()
    options.set("protocol_whitelist", "file,pipe")
    options.set("format_whitelist", acceptedFormats)
    let opened = avformat_open_input(&opening, source.url.fileName, nil, &options.pointer)
    guard opened >= 0, let context = opening else { throw diagnosis(of: source, StatusCode(rawValue: opened)) }
    owned = Owned(context)
    let found = probing(context)
    if found < 0 { throw diagnosis(of: source, StatusCode(rawValue: found)) }
    formatName = String(cString: context.pointee.iformat.pointee.name)
    metadata = dictionary(context.pointee.metadata)
    let stored = (0..<Int(context.pointee.nb_streams)).map { context.pointee.streams[$0]! }
    if let survey = source.survey {
      let early = stored.map(\.pointee.id)
      let ids = (early + survey.ids.filter { !early.contains($0) }).filter { survey.continues[$0] == nil }
      places = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
      streams = ids.enumerated().map { index, id in
        StreamInfo((survey.stream(id) ?? stored.first { $0.pointee.id == id })!, index: index)
      }
    } else {
      places = [:]
      streams = stored.map { StreamInfo($0) }
    }
    // FFmpeg has it from the streams, and believes them.
    let isKnown = !stored.contains { $0.pointee.duration == Int64(UInt32.max) }
    let stated = context.pointee.duration > 0 ? Double(context.pointee.duration) / Double(cff_ticks_per_second) : nil
    duration = isKnown ? stated : streams.compactMap(\.duration).max()
    chapters = (0..<Int(context.pointee.nb_chapters)).map { Chapter(context.pointee.chapters[$0]!.pointee) }
  }

  /// A stream by its place in ``streams``.
  func stream(_ index: Int) -> UnsafeMutablePointer<AVStream> {
    guard let survey = source.survey, let id = places.first(where: { $0.value == index })?.key else {
      return context.pointee.streams[index]!
    }
    return survey.stream(id) ?? contextStream(id)!
  }

  /// A stream by FFmpeg's id, as far as it was read.
  func contextStream(_ id: Int32) -> UnsafeMutablePointer<AVStream>? {
    (0..<Int(context.pointee.nb_streams)).lazy.map { self.context.pointee.streams[$0]! }.first { $0.pointee.id == id }
  }

  /// The place in ``streams`` of one in FFmpeg's list, or of the stream that it continues; nil for one that the opening did not tell of.
  func place(of index: Int) -> Int? {
    guard let survey = source.survey else { return index < streams.count ? index : nil }
    var id = context.pointee.streams[index]!.pointee.id
    while let before = survey.continues[id] { id = before }
    return places[id]
  }

  /// Where sound ends within its last packet in an MP4 with an index: FFmpeg's durations there are those of the track or of its edit list,
  /// whichever is shorter, and the list's counts from the beginning of the film (mov_fix_index). In ticks, by stream.
  var statedEnds: [Int: Int64] {
    guard formatName.hasPrefix("mov") else { return [:] }
    var ends: [Int: Int64] = [:]
    for info in streams where info.kind == .audio {
      let s = stream(info.index).pointee
      guard s.nb_frames > 0, s.start_time != unknownTime, s.duration > 0, let last = info.edits.last else { continue }
      let packet = info.timeBase.ticks(fromSeconds: Double(info.frameSamples) / Double(max(1, info.sampleRate)))
      ends[info.index] = [s.start_time &+ s.duration, s.duration].first { $0 > last && $0 <= last &+ packet }
    }
    return ends
  }

  /// Reads only the streams for which `wanted` is true; the others are skipped where the format has an index of them. Elsewhere they are read
  /// on the way, and all streams tell where the clock restarts.
  func select(_ wanted: (Int) -> Bool) {
    for i in 0..<Int(context.pointee.nb_streams) {
      let stream = context.pointee.streams[i]!
      guard stream.pointee.discard != AVDISCARD_ALL, let place = place(of: i) else { continue }
      stream.pointee.discard = isIndexed && !wanted(place) ? AVDISCARD_ALL : AVDISCARD_DEFAULT
    }
  }

  /// Whether an index gives every packet its place and time.
  var isIndexed: Bool { formatName.hasPrefix("mov") || formatName == "avi" || formatName == "mxf" }

  enum Reading {
    case packet(Packet)
    case end
    /// The container is damaged here; reading may go on.
    case damaged(Int32)
  }

  /// The next packet, with its place in ``streams``, on the clock that all streams share.
  func read() -> Reading {
    while true {
      if !waiting.isEmpty { return .packet(waiting.removeFirst()) }
      let reading = readAsStored()
      guard case .packet(let packet) = reading else { return reading }
      let index = packet.streamIndex
      let stream = context.pointee.streams[index]!.pointee
      guard !ended.contains(stream.id) else { continue }
      let p = packet.pointer.pointee
      lastPacket = (p.pos, Int64(p.size), p.flags & AV_PKT_FLAG_CORRUPT != 0)
      if packet.sortingTime != unknownTime {
        let end = packet.sortingTime &+ max(0, packet.pointer.pointee.duration)
        lastEnd = max(lastEnd, Rational(stream.time_base).seconds(end))
      }
      guard let place = place(of: index) else {
        meet(packet, stream)
        continue
      }
      if let survey = source.survey, let before = survey.continues[stream.id], ended.insert(before).inserted {
        waiting = (survey.stragglers[stream.id] ?? []).map { Packet(copyOf: $0) } + [packet]
      } else {
        waiting = [packet]
      }
      for packet in waiting {
        packet.pointer.pointee.stream_index = Int32(place)
        if !isIndexed { clock.place(packet, of: streams[place].kind, in: Rational(stream.time_base)) }
      }
    }
  }

  private func meet(_ packet: Packet, _ stream: AVStream) {
    guard strangers[packet.streamIndex] == nil, packet.sortingTime != unknownTime else { return }
    strangers[packet.streamIndex] = Stranger(
      kind: StreamKind(stream.codecpar.pointee.codec_type),
      codec: String(cString: avcodec_get_name(stream.codecpar.pointee.codec_id)),
      time: Rational(stream.time_base).seconds(packet.sortingTime))
  }

  /// The next packet as FFmpeg hands it out.
  func readAsStored() -> Reading {
    let packet = Packet()
    let code = av_read_frame(context, packet.pointer)
    if code >= 0 { return .packet(packet) }
    return code == cff_eof ? .end : .damaged(code)
  }

  /// The container's clock at the beginning of the clip, in seconds.
  var startTime: Double {
    context.pointee.start_time == unknownTime
      ? 0 : max(0, Double(context.pointee.start_time) / Double(cff_ticks_per_second))
  }

  /// Bytes of the whole file; 0 when unknown.
  var byteCount: Int64 { context.pointee.pb == nil ? 0 : max(0, avio_size(context.pointee.pb)) }

  /// Bytes read so far, for messages.
  var position: Int64 { context.pointee.pb == nil ? 0 : avio_seek(context.pointee.pb, 0, SEEK_CUR) }

  /// False also where times do not lead to places: behind a restart of the clock.
  var canSeek: Bool { isSeekable && source.survey?.isOnePiece != false }

  private var isSeekable: Bool { context.pointee.pb != nil && context.pointee.pb.pointee.seekable != 0 }

  /// Goes to the last key frame of a stream at or before `ticks`. False when the format cannot.
  func seek(stream index: Int, to ticks: Int64) -> Bool {
    guard canSeek, index < Int(context.pointee.nb_streams) else { return false }
    clock = CommonClock()
    return avformat_seek_file(context, Int32(index), .min, ticks, ticks, 0) >= 0
  }

  func seek(toByte position: Int64) -> Bool {
    isSeekable && av_seek_frame(context, -1, position, AVSEEK_FLAG_BYTE) >= 0
  }
}

/// Learns what the headers leave open by decoding a little (avformat_find_stream_info), within the same limits as the real decoding.
func probe(_ context: UnsafeMutablePointer<AVFormatContext>, maximumPixels: Int) -> Int32 {
  var options = OptionDictionaries(count: Int(context.pointee.nb_streams), "max_pixels", Int64(maximumPixels))
  return avformat_find_stream_info(context, &options.pointers)
}

/// Containers and elementary streams; no playlist, no picture sequence, nothing that names other files.
private let acceptedFormats =
  "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi,nut,yuv4mpegpipe,flv,live_flv,ogg,asf,asf_o,mpeg,mpegvideo,m4v,h263,h264,hevc,"
  + "av1,obu,ivf,vc1,vc1test,dirac,mjpeg,mxf,gif,apng,dv,rm,wtv,dnxhd,gxf,nsv,smjpeg,"
  + "mp3,wav,w64,flac,aac,ac3,eac3,aiff,caf,amr,tta,wv,ape"
