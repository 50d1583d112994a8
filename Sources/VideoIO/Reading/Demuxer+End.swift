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
    case "mpegts":
      guard let packet = TransportScrambling.packetSize(source.beginning(1 << 16)), size % Int64(packet) != 0 else {
        return nil
      }
      return "its last transport packet is cut off"
    case "mpeg":
      return endsWithinPacket ? "its last packet is cut off" : nil
    case "yuv4mpegpipe":
      // What follows the last whole picture: part of another.
      guard let last = lastPacket, last.position >= 0, size - last.position - last.size > 6 else { return nil }
      return "its last picture is cut off"
    default: return lastPacket?.isCorrupt == true ? "its last packet is cut off" : nil
    }
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

  /// Reads a little behind what a container said is all: whoever sends another file behind it has not noticed.
  func readOn() {
    var byte: UInt8 = 0
    if let input = context.pointee.pb, avio_feof(input) == 0 { _ = avio_read(input, &byte, 1) }
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
}
