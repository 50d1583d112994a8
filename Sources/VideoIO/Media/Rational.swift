internal import CFFmpeg

/// An exact ratio: a time base (seconds per tick), a frame rate, or an aspect ratio (AVRational).
public struct Rational: Hashable, Sendable, CustomStringConvertible {
  /// The upper part.
  public let numerator: Int32
  /// The lower part.
  public let denominator: Int32

  /// The ratio as given, not reduced.
  public init(_ numerator: Int32, _ denominator: Int32) {
    self.numerator = numerator
    self.denominator = denominator
  }

  init(_ c: AVRational) { self.init(c.num, c.den) }

  var c: AVRational { AVRational(num: numerator, den: denominator) }

  /// Whether both parts are set (FFmpeg writes 0/1 or 0/0 for "unknown").
  public var isKnown: Bool { numerator != 0 && denominator != 0 }

  /// The quotient; 0 when the lower part is 0.
  public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }

  /// `30000/1001`, `25`
  public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

  /// `ticks` of this time base in ticks of another, rounded to nearest (av_rescale_q). Passes "no time" on.
  func ticks(_ ticks: Int64, in other: Rational) -> Int64 {
    ticks == cff_no_pts || self == other ? ticks : av_rescale_q(ticks, c, other.c)
  }

  func ticks(fromSeconds seconds: Double) -> Int64 {
    limited(seconds * Double(denominator) / Double(numerator), .toNearestOrAwayFromZero)
  }

  /// The first tick that is not before `seconds`.
  func ticks(after seconds: Double) -> Int64 {
    limited(seconds * Double(denominator) / Double(numerator), .up)
  }

  /// Half of what an integer holds, so that the difference of two is one too; 0 where the time base says nothing.
  private func limited(_ ticks: Double, _ rule: FloatingPointRoundingRule) -> Int64 {
    ticks.isFinite ? Int64(limiting: max(-0x1p62, min(0x1p62, ticks)), rounded: rule) : 0
  }

  func seconds(_ ticks: Int64) -> Double { Double(ticks) * value }
}

/// What FFmpeg writes when a time is unknown (AV_NOPTS_VALUE).
let unknownTime = cff_no_pts

/// A time as a file states it, with absurd values, which damage produces, taken as unknown.
func plausible(_ time: Int64) -> Int64 { time.magnitude < 1 << 56 ? time : unknownTime }
