internal import CFFmpeg

/// A packet, as far as it is compared.
struct PacketCopy: Equatable {
  let fingerprint: UInt64
  let time: Double?
  /// A subtitle packet without text.
  let isEmpty: Bool

  static func == (a: PacketCopy, b: PacketCopy) -> Bool { a.fingerprint == b.fingerprint }
}

/// The packets of one stream, one after another.
final class PacketCursor {
  let stream: StreamInfo
  /// Packets delivered so far.
  private(set) var count = 0
  private let demuxer: Demuxer
  private var failures = 0
  /// For the source: what is not copied of it.
  private var hidden: HiddenPackets?
  private let statedEnd: Int64?
  /// Where the sound of the last packet ends, in seconds on the file's clock; nil where it is not known.
  private(set) var soundEnd: Double?

  /// - Parameter statedEnd: see ``SourceInfo/statedEnds``.
  init(
    _ source: InputSource, _ stream: StreamInfo, _ maximumPixels: Int, hidden: HiddenPackets? = nil, statedEnd: Int64?
  )
    throws(VideoError)
  {
    self.stream = stream
    self.hidden = hidden
    self.statedEnd = statedEnd
    demuxer = try Demuxer(source: source, maximumPixels: maximumPixels)
    demuxer.select { $0 == stream.index }
  }

  func next() -> PacketCopy? {
    nextPacket().map {
      PacketCopy(fingerprint: fingerprint($0, stream), time: time(of: $0), isEmpty: $0.byteCount <= 2)
    }
  }

  /// Seconds on the file's clock.
  func time(of packet: Packet) -> Double? {
    packet.sortingTime == unknownTime ? nil : stream.timeBase.seconds(packet.sortingTime)
  }

  private func endOfSound(_ packet: Packet) -> Double? {
    guard stream.kind == .audio, packet.pointer.pointee.pts != unknownTime else { return nil }
    let length = HiddenPackets.lengths(of: packet, stream, statedEnd: statedEnd).shown
    return length > 0 ? stream.timeBase.seconds(packet.pointer.pointee.pts &+ length) : nil
  }

  func nextPacket() -> Packet? {
    while failures <= 32 {
      switch demuxer.read() {
      case .end: return nil
      case .damaged: failures += 1
      case .packet(let packet):
        guard packet.streamIndex == stream.index else { continue }
        let end = endOfSound(packet)
        guard hidden?.admits(packet) != false else { continue }
        soundEnd = end
        count += 1
        return packet
      }
    }
    return nil
  }
}

/// 64-bit FNV-1a of a packet's bytes, without the ADTS header that AAC has in some containers and not in others (ISO 14496-3, 1.A.2).
private func fingerprint(_ packet: Packet, _ stream: StreamInfo) -> UInt64 {
  guard let data = packet.pointer.pointee.data else { return 0 }
  var bytes = UnsafeBufferPointer(start: data, count: packet.byteCount)[...]
  if stream.codec == "aac", bytes.count > 7, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 {
    bytes = bytes.dropFirst(bytes[1] & 1 == 1 ? 7 : 9)
  }
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  return hash
}
