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
    case "yuv4mpegpipe":
      // What follows the last whole picture: part of another.
      guard let last = lastPacket, last.position >= 0, size - last.position - last.size > 6 else { return nil }
      return "its last picture is cut off"
    default: return lastPacket?.isCorrupt == true ? "its last packet is cut off" : nil
    }
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
