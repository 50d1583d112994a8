internal import Glibc

/// Finds where bytes that pass by begin anew as a file of their kind does: two files joined by `cat`.
///
/// Transport and programme streams, Matroska, AVI and elementary streams are read on behind such a joint; readers of the kinds named here stop
/// there, take what follows for damage, or give it the times of the first file.
struct RepeatedBeginning {
  private let kind: Kind
  private var position: Int64 = 0
  /// The last bytes, in which a beginning may have begun.
  private var tail: [UInt8] = []
  /// Where the second file begins, in bytes; nil where none was seen.
  private(set) var place: Int64?

  private enum Kind: CaseIterable {
    case isoMedia, flv, nut, ogg, asf, mxf

    /// What never changes, and how many bytes lie before it.
    var mark: (bytes: [UInt8], lead: Int) {
      switch self {
      case .isoMedia: (Array("ftyp".utf8), 4)
      case .flv: (Array("FLV".utf8) + [1], 0)
      case .nut: (NUTPackets.identifier, 0)
      // A first page: its flag, and no time yet.
      case .ogg: (Array("OggS".utf8) + [0, 2] + [UInt8](repeating: 0, count: 8), 0)
      // The header object (Advanced Systems Format, 3.1).
      case .asf:
        ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C], 0)
      // The pack of a header partition: there is one, at the beginning (SMPTE ST 377-1, 7.1).
      case .mxf: ([0x06, 0x0E, 0x2B, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0D, 0x01, 0x02, 0x01, 0x01, 0x02], 0)
      }
    }

    /// Bytes that must be seen to be sure.
    var length: Int {
      switch self {
      case .isoMedia, .mxf: 16
      case .flv, .ogg: 14
      case .nut: 25
      case .asf: 30
      }
    }

    /// An Ogg file has a first page for each of its streams.
    var earliest: Int64 { self == .ogg ? 1 << 14 : 1 }

    func isBeginning(_ bytes: ArraySlice<UInt8>) -> Bool {
      let bytes = Array(bytes)
      let (mark, lead) = self.mark
      guard bytes.count >= length, Array(bytes[lead..<(lead + mark.count)]) == mark else { return false }
      switch self {
      case .isoMedia:
        let size = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
        return size >= 16 && size < 512 && size % 4 == 0 && bytes[8..<12].allSatisfy { $0 >= 32 && $0 < 127 }
      case .flv: return bytes[4] & 0xFA == 0 && Array(bytes[5..<13]) == [0, 0, 0, 9, 0, 0, 0, 0]
      case .nut, .ogg: return true
      // Its size, of less than 4 GB, and what is reserved.
      case .asf: return Array(bytes[20..<24]) == [0, 0, 0, 0] && Array(bytes[28..<30]) == [1, 2]
      case .mxf: return (1...4).contains(bytes[14]) && bytes[15] == 0
      }
    }
  }

  /// - Parameter beginning: at least 30 bytes; nil for other kinds of files.
  init?(of beginning: [UInt8]) {
    guard let kind = Kind.allCases.first(where: { $0.isBeginning(beginning[...]) }) else {
      return nil
    }
    self.kind = kind
  }

  /// Whether an MXF begins with these bytes.
  static func isHeaderPartition(_ bytes: [UInt8]) -> Bool { Kind.mxf.isBeginning(bytes[...]) }

  mutating func pass(_ bytes: UnsafeRawBufferPointer) {
    guard place == nil, !bytes.isEmpty else { return }
    let buffer = tail + bytes
    let start = position - Int64(tail.count)
    let (mark, lead) = kind.mark
    buffer.withUnsafeBytes { buffer in
      var from = 0
      while place == nil, from < buffer.count,
        let hit = memchr(buffer.baseAddress! + from, Int32(mark[0]), buffer.count - from)
      {
        let at = hit - UnsafeMutableRawPointer(mutating: buffer.baseAddress!) - lead
        from = at + lead + 1
        guard at >= 0, buffer.count - from >= mark.count - 1, memcmp(hit, mark, mark.count) == 0,
          start + Int64(at) >= kind.earliest, at + kind.length <= buffer.count
        else { continue }
        if kind.isBeginning(Array(buffer[at..<(at + kind.length)])[...]) { place = start + Int64(at) }
      }
    }
    position += Int64(bytes.count)
    tail = Array(buffer.suffix(kind.length + lead - 1))
  }
}
