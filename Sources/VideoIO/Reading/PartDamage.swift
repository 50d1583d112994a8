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
