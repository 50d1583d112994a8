internal import Glibc

/// Finds where bytes that pass by begin anew as a file of their kind does: two files joined by `cat`.
///
/// Transport and programme streams, Matroska, AVI and elementary streams are read on behind such a joint; readers of the kinds named here stop
/// there, or take what follows for damage.
struct RepeatedBeginning {
  private let kind: Kind
  private var position: Int64 = 0
  /// The last bytes, in which a beginning may have begun.
  private var tail: [UInt8] = []
  /// Where the second file begins, in bytes; nil where none was seen.
  private(set) var place: Int64?

  private enum Kind {
    case isoMedia, flv, nut, ogg

    /// What never changes, and how many bytes lie before it.
    var mark: (bytes: [UInt8], lead: Int) {
      switch self {
      case .isoMedia: (Array("ftyp".utf8), 4)
      case .flv: (Array("FLV".utf8) + [1], 0)
      case .nut: (Array("nut/multimedia container".utf8) + [0], 0)
      // A first page: its flag, and no time yet.
      case .ogg: (Array("OggS".utf8) + [0, 2] + [UInt8](repeating: 0, count: 8), 0)
      }
    }

    /// Bytes that must be seen to be sure.
    var length: Int { self == .nut ? 25 : self == .isoMedia ? 16 : 14 }

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
      }
    }
  }

  /// - Parameter beginning: at least 25 bytes; nil for other kinds of files.
  init?(of beginning: [UInt8]) {
    guard let kind = [Kind.isoMedia, .flv, .nut, .ogg].first(where: { $0.isBeginning(beginning[...]) }) else {
      return nil
    }
    self.kind = kind
  }

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
