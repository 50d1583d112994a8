/// A key of MXF with the length of its value, as far as its header tells (SMPTE ST 377-1, 6.3; ST 379-1).
struct MXFKey {
  /// Bytes that are read for a header: the key, and the longest length.
  static let headerLength = 25
  static let shortestHeader = 16

  /// Whether a file begins here.
  let isHeaderPartition: Bool
  /// From its beginning to the next key; nil for what is no key.
  let size: Int64?

  /// - Parameter header: more than ``shortestHeader`` bytes, ``headerLength`` where they are there.
  init(header: ArraySlice<UInt8>) {
    let bytes = Array(header)
    isHeaderPartition = RepeatedBeginning.isHeaderPartition(bytes)
    guard bytes.starts(with: [0x06, 0x0E, 0x2B, 0x34]) else {
      size = nil
      return
    }
    // One byte, or their number and the bytes of the length (BER).
    let first = bytes[16], count = Int(first & 0x7F)
    if first < 0x80 {
      size = 17 + Int64(first)
    } else {
      let length = bytes.dropFirst(17).prefix(count)
      size =
        count <= 8 && length.count == count && (count < 8 || length.first! < 0x40)
        ? 17 + Int64(count) + length.reduce(0) { $0 << 8 | Int64($1) } : nil
    }
  }
}
