import ArgumentParser
import VideoIO

/// An amount of memory on the command line: bytes, or a number with `k`, `M`, `G` (powers of 1024; `KiB`, `MB` … too).
struct ByteCount: ExpressibleByArgument {
  let bytes: Int
  /// As it was given.
  let spelling: String

  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber || $0 == "." }
    var unit = argument.dropFirst(digits.count).lowercased()
    for ending in ["ib", "b"] where unit.hasSuffix(ending) {
      unit.removeLast(ending.count)
      break
    }
    let powers = ["": 0, "k": 10, "m": 20, "g": 30, "t": 40]
    guard let power = powers[unit], let value = Double(digits), value > 0 else { return nil }
    let bytes = value * Double(1 << power)
    guard bytes >= 1, bytes < 9e18 else { return nil }
    (self.bytes, spelling) = (Int(limiting: bytes, rounded: .down), argument)
  }
}
