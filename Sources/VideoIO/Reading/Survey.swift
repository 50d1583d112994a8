internal import CFFmpeg

/// What only reading a recording to its end tells: streams that begin late, and streams that go on under another number, as where a recorder
/// or `cat` joined two programmes.
///
/// Transport and programme streams have no header that lists their streams; FFmpeg finds each with its first packet. Set up before anybody else
/// reads the source, and not changed later.
final class Survey: @unchecked Sendable {
  /// A stream, by FFmpeg's id (the packet identifier).
  private(set) var ids: [Int32] = []
  /// By id: the id of the stream of which it is the continuation.
  private(set) var continues: [Int32: Int32] = [:]
  /// Packets of continued streams that FFmpeg hands out only after those that follow them, by the id of the continuation.
  private(set) var stragglers: [Int32: [Packet]] = [:]
  /// By id of a video: the other video that begins where it ends and cannot go on with it, and when.
  private var changes: [Int32: (codec: String, time: Double)] = [:]
  /// Whether neither clock nor streams change: only then do times lead to places.
  private(set) var isOnePiece = true
  /// Holds what the beginning does not tell of streams: parameters, tags.
  private let store = Owned(avformat_alloc_context())
  private var late: [Int32: UnsafeMutablePointer<AVStream>] = [:]

  /// Containers that have no list of their streams.
  static func isNeeded(for format: String) -> Bool { ["mpegts", "mpeg"].contains(format) }

  /// - Parameter early: what the beginning of the file tells.
  init(_ source: InputSource, early: Demuxer, maximumPixels: Int) throws(VideoError) {
    let reading = try Demuxer(unprobed: source)
    let context = reading.context
    var seen: [Int32: (position: Int64, count: Int)] = [:]
    /// How many packets of every stream there were when another began.
    var atStart: [Int32: [Int32: Int]] = [:]
    var tails: [Int32: [Packet]] = [:]
    var begins: [Int32: Double] = [:]
    var clock = CommonClock()
    var failures = 0
    reading: while failures <= 32 {
      switch reading.readAsStored() {
      case .end: break reading
      case .damaged: failures += 1
      case .packet(let packet):
        failures = 0
        let stream = context.pointee.streams[packet.streamIndex]!.pointee
        if seen[stream.id] == nil {
          atStart[stream.id] = seen.mapValues(\.count)
          ids.append(stream.id)
          seen[stream.id] = (max(0, packet.pointer.pointee.pos), 0)
          begins[stream.id] = Rational(stream.time_base).seconds(packet.sortingTime)
        }
        seen[stream.id]!.count += 1
        clock.place(
          Packet(copyOf: packet), of: StreamKind(stream.codecpar.pointee.codec_type), in: Rational(stream.time_base))
        // The last packets of a stream, in case another goes on with it.
        tails[stream.id, default: []].append(packet)
        if tails[stream.id]!.count > Survey.most { tails[stream.id]!.removeFirst() }
      }
    }
    for id in ids { describe(id, at: seen[id]!.position, source, early, maximumPixels) }
    findContinuations(atStart, seen.mapValues(\.count), tails, begins, early)
    isOnePiece = continues.isEmpty && !clock.hasRestarted
  }

  /// The most packets that FFmpeg holds back of a stream that has ended: one it assembles, one its parser looks at.
  private static let most = 4

  /// A stream as its header would tell.
  func stream(_ id: Int32) -> UnsafeMutablePointer<AVStream>? { late[id] }

  /// Learns the parameters of a stream that the beginning does not tell, from where it begins.
  private func describe(_ id: Int32, at position: Int64, _ source: InputSource, _ early: Demuxer, _ maximumPixels: Int)
  {
    let known = early.contextStream(id).map { $0.pointee.codecpar.pointee }
    if let known, known.codec_type != AVMEDIA_TYPE_AUDIO || known.sample_rate > 0,
      known.codec_type != AVMEDIA_TYPE_VIDEO || known.width > 0
    {
      return
    }
    guard let there = try? Demuxer(unprobed: source), there.seek(toByte: position) else { return }
    // Probing ends when all streams are known that have been met: this one must be among them.
    for _ in 0..<10_000 {
      guard case .packet(let packet) = there.readAsStored() else { break }
      if there.context.pointee.streams[packet.streamIndex]!.pointee.id == id { break }
    }
    _ = probe(there.context, maximumPixels: maximumPixels)
    guard let found = there.contextStream(id) else { return }
    late[id] = append(found, to: store.pointer)
  }

  private func findContinuations(
    _ atStart: [Int32: [Int32: Int]], _ totals: [Int32: Int], _ tails: [Int32: [Packet]],
    _ begins: [Int32: Double], _ early: Demuxer
  ) {
    for id in ids {
      guard let own = (late[id] ?? early.contextStream(id))?.pointee.codecpar.pointee else { continue }
      for (before, count) in atStart[id] ?? [:] where continues.values.contains(before) == false {
        guard let other = (late[before] ?? early.contextStream(before))?.pointee.codecpar.pointee,
          own.codec_type == other.codec_type,
          own.codec_type == AVMEDIA_TYPE_VIDEO || own.codec_type == AVMEDIA_TYPE_AUDIO, count > 0
        else { continue }
        let after = totals[before, default: 0] - count
        guard after <= Survey.most - 1 else { continue }
        guard own.codec_id == other.codec_id, own.sample_rate == other.sample_rate,
          withUnsafePointer(to: own, cff_channel_count) == withUnsafePointer(to: other, cff_channel_count)
        else {
          if own.codec_type == AVMEDIA_TYPE_VIDEO {
            changes[before] = (String(cString: avcodec_get_name(own.codec_id)), begins[id] ?? 0)
          }
          continue
        }
        continues[id] = before
        stragglers[id] = Array((tails[before] ?? []).suffix(after))
        break
      }
    }
  }

  /// Refuses a video that is followed by another that cannot go on with it.
  func checkChange(of id: Int32, path: String) throws(VideoError) {
    guard let change = changes[id] else { return }
    throw VideoError(
      .unsupported, file: path, "changes to another video stream (\(change.codec))", place: "at \(moment(change.time))",
      remedy: changeRemedy)
  }
}

let changeRemedy = "split the file there and process the parts"
