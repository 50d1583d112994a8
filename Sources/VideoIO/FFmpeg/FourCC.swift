/// A codec's four-character code for people: `'avc1'`, or in digits where it is no text.
func fourCC(_ tag: UInt32) -> String {
  let bytes = (0..<4).map { UInt8(truncatingIfNeeded: tag >> (8 * UInt32($0))) }
  return bytes.allSatisfy { $0 >= 32 && $0 < 127 }
    ? "'\(String(decoding: bytes, as: UTF8.self))'" : "0x\(String(tag, radix: 16))"
}

/// The number of a four-character code.
func fourCC(_ text: String) -> UInt32 { text.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
