import ArgumentParser

/// A time on the command line in ffmpeg's grammar (`av_parse_time`): `SECONDS[.FRACTION][s|ms|us]` or
/// `[HH:]MM:SS[.FRACTION]`. Never negative, and no longer than ffmpeg's clock (2⁶³ µs).
struct Timestamp: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    guard let seconds = Self.seconds(of: argument), seconds < 9.2e12 else { return nil }
    self.seconds = seconds
  }

  private static func seconds(of text: String) -> Double? {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    switch fields.count {
    case 1:
      for (suffix, scale) in [("us", 1e-6), ("ms", 1e-3), ("s", 1.0)] where text.hasSuffix(suffix) {
        return decimal(text.dropLast(suffix.count)).map { $0 * scale }
      }
      return decimal(fields[0])
    case 2...3:
      guard let last = decimal(fields[fields.count - 1]), last < 60 else { return nil }
      var total = last
      var scale = 60.0
      for (place, field) in fields.dropLast().reversed().enumerated() {
        guard let value = decimal(field), !field.contains(".") else { return nil }
        // Minutes may exceed 59 only when there is no field for hours.
        guard place == 1 || fields.count == 2 || value < 60 else { return nil }
        total += value * scale
        scale *= 60
      }
      return total
    default:
      return nil
    }
  }

  /// Digits with at most one point: `Double` alone would take `1e3`, `inf` and `0x10` too.
  private static func decimal(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
    return Double(text.hasPrefix(".") ? "0" + text : String(text))
  }
}
