/// Samples that an index of ISO base media claims without a byte for each of them.
///
/// FFmpeg keeps an entry of 24 bytes for every sample of the index (mov_build_index, mov_read_trun), so that a thousand bytes could ask for
/// gigabytes. Boxes that spell out each sample are bounded by their length; two kinds are not: `stsz` with one size for all, and `trun` with the
/// defaults of its track for all (ISO/IEC 14496-12, 8.7.3 and 8.8.8).
struct SampleClaims {
  let fileSize: Int64
  private(set) var count = 0

  /// What is never too much, however short the file: 25 MB of FFmpeg's index.
  private static let harmless = 1 << 20
  /// A box that is longer is not looked into: with what it spells out it takes its time and memory anyhow.
  private static let longestBox: Int64 = 256 << 20
  /// By which FFmpeg recognises the kind (mov_probe).
  private static let firstBoxes: Set = [
    "ftyp", "styp", "moov", "moof", "mdat", "free", "skip", "wide", "junk", "pnot", "pict", "PICT", "udta", "uuid",
    "prfl", "sidx", "meta",
  ]
  /// In which no index lies.
  private static let contents: Set = ["mdat", "free", "skip", "wide", "junk", "uuid"]

  /// Looks through the boxes of a file; other kinds of files claim nothing.
  /// - Parameter read: bytes at an offset, fewer at the end.
  init(fileSize: Int64, _ read: (Int64, Int) -> [UInt8]) {
    self.fileSize = fileSize
    var count = 0
    ISOBox.walk(read) { box, offset in
      guard offset > 0 || SampleClaims.firstBoxes.contains(box.type) else { return false }
      guard !SampleClaims.contents.contains(box.type) else { return true }
      let length = max(0, min(box.size.map(Int64.init) ?? .max, fileSize - offset, SampleClaims.longestBox))
      count += SampleClaims.claims(of: read(offset, Int(length)))
      return true
    }
    self.count = count
  }

  /// More samples than the file has bytes: there is one for each at least.
  var areExcessive: Bool { count > SampleClaims.harmless && Int64(count) > fileSize }

  private static func claims(of box: [UInt8]) -> Int {
    let unitary = unitaryDurations(box)
    let sizes = places(of: "stsz", in: box).compactMap { at -> Int? in
      guard let size = number(box, at + 8), let count = number(box, at + 12), size > 0 else { return nil }
      // Plain sound, a sample for each tick: FFmpeg indexes its chunks.
      return unitary.contains(count) ? nil : count
    }
    let runs = places(of: "trun", in: box).compactMap { at -> Int? in
      guard let flags = number(box, at + 4), let count = number(box, at + 8), flags & 0xF00 == 0 else { return nil }
      return count
    }
    return (sizes + runs).reduce(0, +)
  }
}

/// The counts of time tables with a single entry of one tick.
private func unitaryDurations(_ box: [UInt8]) -> Set<Int> {
  Set(
    places(of: "stts", in: box).compactMap { at in
      number(box, at + 8) == 1 && number(box, at + 16) == 1 ? number(box, at + 12) : nil
    })
}

/// Where these four letters stand.
private func places(of type: String, in bytes: [UInt8]) -> [Int] {
  let letters = Array(type.utf8)
  guard bytes.count >= letters.count else { return [] }
  return bytes.withUnsafeBufferPointer { bytes in
    (0...(bytes.count - letters.count)).filter { at in
      bytes[at] == letters[0] && bytes[at + 1] == letters[1] && bytes[at + 2] == letters[2]
        && bytes[at + 3] == letters[3]
    }
  }
}

/// A big-endian number of 32 bits; nil where the bytes end before.
private func number(_ bytes: [UInt8], _ at: Int) -> Int? {
  guard at + 4 <= bytes.count else { return nil }
  return bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
}
