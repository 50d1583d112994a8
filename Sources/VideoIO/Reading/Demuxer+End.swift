internal import CFFmpeg

/// Whether the end of a file is there.
extension Demuxer {
  /// Where a header says that the file ends, in seconds; nil where it does not, and FFmpeg could only guess. Where only the main video is read,
  /// that one's end.
  func announcedEnd(of main: Int) -> Double? {
    guard context.pointee.duration_estimation_method == AVFMT_DURATION_FROM_STREAM else { return nil }
    if !isIndexed { return duration.map { startTime + $0 } }
    return streams[main].duration.map { (streams[main].startTime ?? 0) + $0 }
  }

  /// What is missing by the sizes that the container states, in words; nil where all is there, as far as can be told. Asked after reading to
  /// the end.
  var brokenEnd: String? {
    let size = byteCount > 0 ? byteCount : position
    switch formatName {
    case "avi":
      guard let stated = statedRIFFSize, stated > size else { return nil }
      return "\(size) of \(stated) announced bytes are there"
    case "asf", "asf_o":
      guard let end = statedASFEnd, end > size else { return nil }
      return "\(size) of \(end) announced bytes are there"
    case "mpegts":
      guard let packet = TransportScrambling.packetSize(source.beginning(1 << 16)), size % Int64(packet) != 0 else {
        return nil
      }
      return "its last transport packet is cut off"
    case "nut":
      guard let packets = nutPackets, !packets.isLost else { return nil }
      if packets.isWithinPacket { return "its last packet is cut off" }
      return packets.expectsIndex && !packets.endsWithIndex
        ? "its index is missing, unless it was written without one" : nil
    case "ogg": return endsWithinPage ? "its last page is cut off" : nil
    case "mpeg":
      return endsWithinPacket ? "its last packet is cut off" : nil
    case "yuv4mpegpipe":
      // What follows the last whole picture: part of another.
      guard let last = lastPacket, last.position >= 0, size - last.position - last.size > 6 else { return nil }
      return "its last picture is cut off"
    default: return lastPacket?.isCorrupt == true ? "its last packet is cut off" : nil
    }
  }

  /// The packets of a NUT file, followed to its end: from the last syncpoint before the packet that was read last, else from the beginning.
  private var nutPackets: NUTPackets? {
    if case .stream(let pipe) = source.bytes { return pipe.nutPackets }
    guard let head = source.bytes(at: 0, 1 << 16), var packets = NUTPackets(of: head) else { return nil }
    // Syncpoints are at most 64 KiB apart, but for one packet.
    let start = max(0, (lastPacket?.position ?? 0) - 1 << 17)
    let near = source.bytes(at: start, 1 << 17) ?? []
    let codes: [UInt8] = [0x4E, 0x4B, 0xE4, 0xAD, 0xEE, 0xCA, 0x45, 0x69]
    var offset: Int64 = 0
    if let place = stride(from: near.count - codes.count, through: 0, by: -1).first(where: {
      near[$0] == codes[0] && near[$0..<($0 + codes.count)].elementsEqual(codes)
    }) {
      head.withUnsafeBytes { packets.pass($0) }
      packets.restart()
      offset = start + Int64(place)
    }
    while !packets.isLost, offset < byteCount, let block = source.bytes(at: offset, 4096), !block.isEmpty {
      block.withUnsafeBytes { packets.pass($0) }
      offset += Int64(block.count)
      // What lies in a packet is not read.
      offset += packets.skip(atMost: byteCount - offset)
    }
    return packets
  }

  /// Whether a programme stream ends within a packet, by the lengths that its last packets state (ISO/IEC 13818-1, 2.5.3.3 and 2.4.3.6).
  private var endsWithinPacket: Bool {
    guard case .file = source.bytes, let tail = source.bytes(at: max(0, byteCount - 1 << 18), 1 << 18) else {
      return false
    }
    func hasCode(_ at: Int) -> Bool { at + 4 <= tail.count && tail[at..<(at + 3)].elementsEqual([0, 0, 1]) }
    // From the last pack on whose packets follow each other to the end.
    for pack in stride(from: tail.count - 14, through: 0, by: -1) where hasCode(pack) && tail[pack + 3] == 0xBA {
      var at = pack
      while hasCode(at) {
        switch tail[at + 3] {
        case 0xBA: at += tail[at + 4] & 0xC0 == 0x40 ? (at + 13 < tail.count ? 14 + Int(tail[at + 13] & 7) : 14) : 12
        case 0xB9: at += 4
        case 0xBB...0xFF where at + 6 > tail.count: return true
        case 0xBB...0xFF: at += 6 + Int(tail[at + 4]) << 8 + Int(tail[at + 5])
        default: return false
        }
        if at > tail.count { return true }
        let rest = tail.suffix(tail.count - at)
        if !rest.isEmpty, rest.count < 4, rest.elementsEqual([0, 0, 1].prefix(rest.count)) { return true }
      }
      if at > pack + 14 || at >= tail.count { return false }
    }
    return false
  }

  /// Whether an Ogg file ends within a page, by the lengths that its last page states (RFC 3533, 6).
  private var endsWithinPage: Bool {
    // Pages have at most 65,307 bytes.
    guard case .file = source.bytes, let tail = source.bytes(at: max(0, byteCount - 1 << 17), 1 << 17) else {
      return false
    }
    let mark = Array("OggS".utf8)
    guard
      let page = stride(from: tail.count - mark.count, through: 0, by: -1).first(where: {
        tail[$0] == mark[0] && tail[$0..<($0 + mark.count)].elementsEqual(mark)
      })
    else { return false }
    let lengths = page + 27
    guard lengths <= tail.count, lengths + Int(tail[lengths - 1]) <= tail.count else { return true }
    let body = lengths + Int(tail[lengths - 1])
    let end = body + tail[lengths..<body].reduce(0) { $0 + Int($1) }
    let rest = tail.dropFirst(end)
    return end > tail.count || (!rest.isEmpty && rest.count < mark.count && rest.elementsEqual(mark.prefix(rest.count)))
  }

  /// Reads a little behind what a container said is all: whoever sends another file behind it has not noticed.
  func readOn() {
    // As many as tell what the other file is.
    var bytes = [UInt8](repeating: 0, count: 64)
    if let input = context.pointee.pb, avio_feof(input) == 0 { _ = avio_read(input, &bytes, 64) }
  }

  /// The size that the chunks at the top of an AVI add up to, those of OpenDML included.
  private var statedRIFFSize: Int64? {
    guard case .file = source.bytes else { return nil }
    var offset: Int64 = 0
    while let head = source.bytes(at: offset, 8), head.count == 8, head.starts(with: "RIFF".utf8) {
      offset += 8 + head[4...].reversed().reduce(0) { $0 << 8 | Int64($1) }
    }
    return offset > 0 ? offset : nil
  }

  /// Where the packets of an ASF end by the sizes of its header and data objects (Advanced Systems Format, 3.1 and 5.1); streams that were sent
  /// while they were made state none.
  private var statedASFEnd: Int64? {
    func size(at offset: Int64) -> Int64? {
      let field: [UInt8]?
      if case .stream = source.bytes {
        field = offset < 1 << 16 ? Array(source.beginning(Int(offset) + 24).dropFirst(Int(offset) + 16)) : nil
      } else {
        field = source.bytes(at: offset + 16, 8)
      }
      guard let field, field.count == 8, field[7] < 0x40 else { return nil }
      return field.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }
    guard let header = size(at: 0), header < 1 << 32, let data = size(at: header) else { return nil }
    return header + data
  }
}
