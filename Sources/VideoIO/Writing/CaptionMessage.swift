internal import CFFmpeg

/// Closed captions in HEVC: a message before the slices of a picture (ITU-T H.265, D.2.6; ATSC A/53 part 4, 6.2.3). FFmpeg's wrapper of x265
/// drops them before release 7.1.
enum CaptionMessage {
  /// - Parameters:
  ///   - captions: triples of bytes, as a decoder gives them (AV_FRAME_DATA_A53_CC).
  ///   - packet: one picture with start codes.
  static func insert(_ captions: [UInt8], into packet: Packet) throws(VideoError) {
    let unit = self.unit(captions)
    let size = packet.byteCount
    guard !captions.isEmpty,
      let place = firstSlice(UnsafeBufferPointer(start: packet.pointer.pointee.data, count: size))
    else { return }
    try check(av_grow_packet(packet.pointer, Int32(unit.count)), .output, "captions", "cannot be written")
    let data = packet.pointer.pointee.data!
    (data + place + unit.count).update(from: data + place, count: size - place)
    (data + place).update(from: unit, count: unit.count)
  }

  /// The message as a unit of its own, with its start code.
  private static func unit(_ captions: [UInt8]) -> [UInt8] {
    let count = min(31, captions.count / 3)
    let userData: [UInt8] =
      [0xB5, 0, 0x31] + Array("GA94".utf8) + [3, 0x40 | UInt8(count), 0] + captions.prefix(3 * count) + [0xFF]
    // Prefix SEI; user data registered by ITU-T T.35; the stop bit.
    let payload: [UInt8] = [4, UInt8(userData.count)] + userData + [0x80]
    var escaped: [UInt8] = [], zeros = 0
    for byte in payload {
      if zeros >= 2, byte <= 3 {
        escaped.append(3)
        zeros = 0
      }
      escaped.append(byte)
      zeros = byte == 0 ? zeros + 1 : 0
    }
    return [0, 0, 0, 1, 39 << 1, 1] + escaped
  }

  /// Where the start code of the first slice begins.
  private static func firstSlice(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var i = 0
    while i + 3 < bytes.count {
      if bytes[i] == 0, bytes[i + 1] == 0, bytes[i + 2] == 1 {
        if bytes[i + 3] >> 1 & 0x3F < 32 { return i > 0 && bytes[i - 1] == 0 ? i - 1 : i }
        i += 3
      }
      i += 1
    }
    return nil
  }
}
