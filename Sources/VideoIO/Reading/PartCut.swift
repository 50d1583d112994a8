internal import CFFmpeg
internal import Synchronization

/// Where two parts meet: the frames on both sides, as one of them has decoded them. The other must say the same.
public struct PartCut: Sendable, Equatable {
  /// A frame at the end of a part.
  struct Side: Sendable, Equatable {
    let time: Int64
    /// SHA-256 of its samples as they were decoded.
    let samples: String

    init(time: Int64, samples: String) { (self.time, self.samples) = (time, samples) }

    init(_ frame: Frame) { self.init(time: frame.pts, samples: frame.hash) }
  }

  /// nil where the clip begins.
  let before: Side?
  /// nil where the clip ends.
  let after: Side?
}

/// What reading has come upon at the ends of parts. Written by the thread that reads, read by the thread that writes.
public final class PartCuts: Sendable {
  /// A cut, and what was damaged before it.
  struct Entry {
    let cut: PartCut
    let damage: PartDamage
  }

  private let found = Mutex<[Int: Entry]>([:])

  /// None yet.
  public init() {}

  /// The beginning of a part, which is the end of the one before.
  subscript(part: Int) -> Entry? {
    get { found.withLock { $0[part] } }
    set { found.withLock { $0[part] = newValue } }
  }
}

/// What was lost or mended while frames were read.
public struct PartDamage: Sendable, Equatable {
  /// Damaged packets and frames.
  public var count = 0
  /// Packets of the main video in all.
  public var packets = 0
  /// Frame times that were missing, equal or backward.
  public var repairedTimes = 0

  static func - (a: PartDamage, b: PartDamage) -> PartDamage {
    PartDamage(
      count: a.count - b.count, packets: a.packets - b.packets, repairedTimes: a.repairedTimes - b.repairedTimes)
  }

  static func + (a: PartDamage, b: PartDamage) -> PartDamage {
    PartDamage(
      count: a.count + b.count, packets: a.packets + b.packets, repairedTimes: a.repairedTimes + b.repairedTimes)
  }
}

extension Frame {
  /// SHA-256 of the visible samples, plane by plane.
  fileprivate var hash: String {
    var hash = SHA256()
    let planes = Int(av_pix_fmt_count_planes(format))
    for plane in 0..<max(1, planes) {
      let bytes = Int(av_image_get_linesize(format, Int32(width), Int32(plane)))
      let shift = plane == 1 || plane == 2 ? Int32(av_pix_fmt_desc_get(format)?.pointee.log2_chroma_h ?? 0) : 0
      let rows = -(-Int32(height) >> shift)
      for row in 0..<Int(rows) {
        hash.add(UnsafeRawBufferPointer(start: planeRow(pointer, plane, row), count: max(0, bytes)))
      }
    }
    return hash.finishHex()
  }
}
