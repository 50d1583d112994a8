/// Tells whether the pictures of a transport stream are scrambled (ISO/IEC 13818-1, 2.4.3.2: transport_scrambling_control).
enum TransportScrambling {
  /// - Parameters:
  ///   - bytes: the beginning of the file.
  ///   - pid: the packet identifier of the stream.
  /// - Returns: true when most of the stream's packets in `bytes` are scrambled.
  static func isScrambled(_ bytes: [UInt8], pid: Int) -> Bool {
    guard let (start, size) = grid(bytes) else { return false }
    var clear = 0, scrambled = 0
    for packet in stride(from: start, to: bytes.count - 188, by: size) where bytes[packet] == syncByte {
      let isOurs = Int(bytes[packet + 1] & 0x1F) << 8 | Int(bytes[packet + 2]) == pid
      let hasPayload = bytes[packet + 3] & 0x10 != 0
      guard isOurs, hasPayload else { continue }
      if bytes[packet + 3] & 0xC0 == 0 { clear += 1 } else { scrambled += 1 }
    }
    return scrambled > clear
  }

  /// Bytes from one packet to the next; nil for what is no transport stream.
  static func packetSize(_ bytes: [UInt8]) -> Int? { grid(bytes)?.size }

  private static let syncByte: UInt8 = 0x47

  /// Where the first packet begins, and the distance of two: plain, with the time stamps of M2TS, with check bytes.
  private static func grid(_ bytes: [UInt8]) -> (start: Int, size: Int)? {
    for size in [188, 192, 204] {
      for start in 0..<size
      where (0..<4).allSatisfy({ start + $0 * size < bytes.count && bytes[start + $0 * size] == syncByte }) {
        return (start, size)
      }
    }
    return nil
  }
}
