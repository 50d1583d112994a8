import Testing

@testable import VideoIO

/// Numbers that files and clocks give as they like, as integers.
@Suite struct LimitingTests {
  @Test func roundsWhatFits() {
    #expect(Int(limiting: 2.5) == 3 && Int(limiting: -2.5) == -3)
    #expect(Int(limiting: 2.9, rounded: .down) == 2 && Int(limiting: 2.1, rounded: .up) == 3)
    #expect(Int64(limiting: -0x1p63) == .min && UInt8(limiting: 255) == 255)
  }

  @Test func limitsTheRest() {
    #expect(Int(limiting: .infinity) == .max && Int(limiting: -.infinity) == .min && Int(limiting: .nan) == 0)
    #expect(Int64(limiting: 0x1p63) == .max && Int64(limiting: 1e300) == .max && Int64(limiting: -1e300) == .min)
    #expect(UInt8(limiting: 255.5) == 255 && UInt8(limiting: -1) == 0)
  }

  @Test func timesOfAnySize() {
    #expect(moment(1e300) == "9223372036854775.807 s" && moment(.nan) == "0.000 s")
    let base = Rational(1, 90000)
    #expect(base.ticks(fromSeconds: 1e300) == 1 << 62 && base.ticks(after: -1e300) == -(1 << 62))
    #expect(Rational(0, 1).ticks(fromSeconds: 1) == 0)
  }
}
