internal import CFFmpeg

/// Packets in, timed pictures out: joins the demuxer and the decoder of the main video, mends times and counts damage.
final class FrameFeed {
  /// What may be wrong with a clip, and is told when it is met first.
  private enum Trouble {
    case damage, times
  }

  struct Damage {
    var packets = 0
    var count = 0
    var readErrors = 0
    var endedEarly = false
  }

  private(set) var demuxer: Demuxer
  private(set) var decoder: Decoder
  let index: Int
  let options: ReaderOptions
  private(set) var repair: TimestampRepair
  private(set) var damage = Damage()
  /// Packets of other streams that were read on the way (from a pipe).
  var passing: [Packet] = []

  private var passingBytes = 0
  private var isDraining = false
  /// Packets of the main video in the whole file, where they have been counted beforehand.
  var packetsInFile: Int?
  /// What is read is a part of a run: the file as a whole is judged where the parts are joined.
  var isPart = false
  /// After a seek nothing is decoded before a key frame; its time.
  private var keyTime: Int64?
  private var awaitsKey = false
  /// What the pictures of a part must be like, from a time on.
  private var expected: (shape: PictureShape, start: Int64)?
  private var pendingPacket: Packet?
  private var shape: PictureShape?
  /// The segment on the source's clock: what changes before or behind it is another scene, which is no neighbour.
  private let window: Range<Int64>?
  /// Whether a picture of the segment has come.
  private var hasBegun = false
  /// When the first picture behind the segment begins that is of another shape: nothing is read from there on.
  private(set) var changeBehind: Int64?
  /// What has been said of it, once for each kind of trouble; the counts come at the end.
  private var announced: Set<Trouble> = []
  /// A picture decoded already by a search (see goTo).
  var ahead: TimedPicture?

  /// - Parameter window: of the main video, in its ticks; nil for all of it.
  init(demuxer: Demuxer, stream index: Int, window: Range<Int64>?, options: ReaderOptions) throws(VideoError) {
    self.demuxer = demuxer
    self.window = window
    self.index = index
    self.options = options
    if demuxer.formatName == "mpegts",
      TransportScrambling.isScrambled(demuxer.source.beginning(4 << 20), pid: Int(demuxer.stream(index).pointee.id))
    {
      throw VideoError(
        .input, file: demuxer.path, "the video is scrambled (conditional access)", remedy: "descramble it first")
    }
    decoder = try Decoder(
      for: demuxer.stream(index), path: demuxer.path, maximumPixels: options.memoryLimit.maximumPixels)
    let stream = demuxer.stream(index)
    let rate = Rational(av_guess_frame_rate(demuxer.context, stream, nil))
    repair = TimestampRepair(timeBase: Rational(stream.pointee.time_base), frameRate: rate)
    if demuxer.source.isReopenable { demuxer.select { $0 == index } }
    if let scheme = encryption(stream) {
      throw VideoError(.input, file: demuxer.path, "the video is encrypted (\(scheme))", remedy: "decrypt it first")
    }
  }

  var stream: UnsafeMutablePointer<AVStream> { demuxer.stream(index) }
  var timeBase: Rational { Rational(stream.pointee.time_base) }

  /// The next picture in display order; nil at the end.
  func next() throws(VideoError) -> TimedPicture? {
    if let found = ahead.take() { return found }
    if changeBehind != nil { return nil }
    while true {
      switch decoder.receive() {
      case .frame(let frame):
        let first = repair.repaired
        let pts = repair.repair(frame.pointer.pointee.best_effort_timestamp)
        if repair.repaired > first {
          say(.times, "some times are missing or run backward: mended, each by a frame or a tick")
        }
        guard try examine(frame.pointer, at: pts) else { return nil }
        return TimedPicture(picture: frame, pts: pts)
      case .end: return nil
      case .damaged(let code): try note(damage: code)
      case .needsInput:
        if isDraining { return nil }
        try feedDecoder()
      }
    }
  }

  /// Reads until one packet of the main video has gone to the decoder, or the end was told to it.
  private func feedDecoder() throws(VideoError) {
    var failures = 0
    while true {
      switch demuxer.read() {
      case .end:
        isDraining = true
        _ = decoder.send(nil)
        return
      case .damaged(let code):
        damage.readErrors += 1
        failures += 1
        if options.strict {
          throw VideoError(.input, file: demuxer.path, "is damaged", because: StatusCode(rawValue: code), place: place)
        }
        // A container that only fails is at its end.
        if failures > 32 || code == cff_error(EIO) {
          damage.endedEarly = true
          isDraining = true
          _ = decoder.send(nil)
          return
        }
      case .packet(let packet):
        failures = 0
        try examineStrangers()
        guard packet.streamIndex == index else {
          try pass(packet)
          continue
        }
        if damage.packets == 0, packet.isEncrypted {
          throw VideoError(
            .input, file: demuxer.path, "the video is encrypted (Common Encryption)", remedy: "decrypt it first")
        }
        damage.packets += 1
        if awaitsKey {
          guard packet.pointer.pointee.flags & AV_PKT_FLAG_KEY != 0 else { continue }
          awaitsKey = false
          keyTime = packet.pointer.pointee.pts == unknownTime ? nil : packet.pointer.pointee.pts
        }
        let code = decoder.send(packet)
        if code < 0, code != cff_eof { try note(damage: code) }
        return
      }
    }
  }

  /// Another video that begins while this one is read: nobody knows whether it goes on with it.
  private func examineStrangers() throws(VideoError) {
    guard let other = demuxer.strangers.values.first(where: { $0.kind == .video }) else { return }
    throw VideoError(
      .unsupported, file: demuxer.path, "changes to another video stream (\(other.codec))",
      place: "at \(moment(other.time))",
      remedy: demuxer.source.isReopenable ? changeRemedy : "save it as a file, and name the file")
  }

  private func pass(_ packet: Packet) throws(VideoError) {
    guard !demuxer.source.isReopenable, packet.streamIndex < demuxer.streams.count else { return }
    if passing.isEmpty { passingBytes = 0 }
    passing.append(packet)
    passingBytes += packet.byteCount
    if passingBytes > 256 << 20 {
      throw VideoError(
        .input, file: demuxer.path, "sends more than 256 MiB of sound before the next picture", place: place,
        remedy: "save it as a file and name the file")
    }
  }

  private func note(damage code: Int32) throws(VideoError) {
    damage.count += 1
    if options.strict {
      throw VideoError(
        .input, file: demuxer.path, "the video is damaged", because: StatusCode(rawValue: code), place: place)
    }
    say(.damage, "the video is damaged \(place); what can be decoded is kept")
  }

  /// Refuses what cannot be one video: another size or pixel format, or fields among whole pictures.
  /// - Returns: false where such a change lies behind the segment, and ends it.
  private func examine(_ frame: UnsafeMutablePointer<AVFrame>, at pts: Int64) throws(VideoError) -> Bool {
    var problem: VideoError?
    let shape = PictureShape(frame)
    let seconds = timeBase.seconds(pts) - demuxer.startTime
    let time = "at \(moment(seconds))"
    let isWanted = expected.map { pts >= $0.start } ?? hasBegun
    if isWanted, let first = expected?.shape ?? self.shape, first != shape {
      let cut = clipTime(seconds)
      problem = VideoError(
        .input, file: demuxer.path, shape.change(from: first), place: time,
        remedy: "process the parts one by one: --end \(cut), then --start \(cut)")
    } else if isWanted, !options.acceptsInterlaced, !options.isProgressive, FrameFeed.isInterlaced(frame, stream) {
      problem = interlacedRefusal(demuxer.path, place: time)
    }
    if problem != nil, let window, pts >= window.upperBound {
      changeBehind = pts
      return false
    }
    if frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || frame.pointee.decode_error_flags != 0 {
      damage.count += 1
      if options.strict {
        problem = VideoError(.input, file: demuxer.path, "the picture is damaged", place: time)
      } else {
        say(.damage, "the video is damaged \(time); what can be decoded is kept")
      }
    }
    if let problem { throw problem }
    if !hasBegun { self.shape = shape }
    hasBegun = hasBegun || window.map { pts >= $0.lowerBound } ?? true
    return true
  }

  private func say(_ trouble: Trouble, _ line: @autoclosure () -> String) {
    if announced.insert(trouble).inserted { options.report(line()) }
  }

  private var place: String {
    repair.last.map { "after \(moment(timeBase.seconds($0) - demuxer.startTime))" } ?? "at byte \(demuxer.position)"
  }

  var isSegment: Bool { options.segment != nil }

  /// Refuses pictures unlike this one, the first of the clip.
  /// - Parameter start: the time of the first picture of which that is asked.
  func expect(like frame: Frame, from start: Int64) { expected = (PictureShape(frame.pointer), start) }

  /// Whether a picture was decoded with all that it refers to: none is shown before the key frame where decoding began.
  func isReliable(_ picture: borrowing TimedPicture) -> Bool { keyTime.map { picture.pts >= $0 } ?? true }

  /// Begins at the beginning: not every format can seek there.
  func reopen() throws(VideoError) {
    demuxer = try Demuxer(source: demuxer.source, maximumPixels: options.memoryLimit.maximumPixels)
    demuxer.select { [index] in $0 == index }
    decoder = try Decoder(for: stream, path: demuxer.path, maximumPixels: options.memoryLimit.maximumPixels)
    restart()
  }

  /// Forgets everything decoded, after a seek, and waits for a key frame: not every container finds one.
  func restart(awaitingKey: Bool = false) {
    decoder.reset()
    (awaitsKey, keyTime) = (awaitingKey, nil)
    isDraining = false
    shape = nil
    hasBegun = false
    damage = Damage()
    repair = TimestampRepair(timeBase: timeBase, frameRate: Rational(av_guess_frame_rate(demuxer.context, stream, nil)))
  }

  func nothingDecoded() -> VideoError {
    VideoError(
      .input, file: demuxer.path,
      damage.packets == 0
        ? "has a video stream without a single picture" : "none of its \(damage.packets) pictures can be decoded",
      remedy: "copy or download the file again")
  }
}

/// A moment of the clip as options take it: `1.040`.
private func clipTime(_ seconds: Double) -> String { String(moment(seconds).dropLast(2)) }
