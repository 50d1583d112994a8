import Testing

@testable import VideoIO

/// The arithmetic of times, by hand.
@Suite struct TimeTests {
  private func repaired(_ times: [Int64]) -> (times: [Int64], count: Int) {
    var repair = TimestampRepair(timeBase: Rational(1, 1000), frameRate: Rational(25, 1))
    return (times.map { repair.repair($0) }, repair.repaired)
  }

  @Test func goodTimesStay() {
    let times: [Int64] = [-80, 0, 1, 40, 36_000_000]
    #expect(repaired(times).times == times)
    #expect(repaired(times).count == 0)
  }

  @Test func missingTimesBecomeAFrameLater() {
    let result = repaired([0, unknownTime, unknownTime, 120])
    #expect(result.times == [0, 40, 80, 120])
    #expect(result.count == 2)
  }

  @Test func equalAndBackwardTimesBecomeATickLater() {
    let result = repaired([0, 40, 40, 30, 80])
    #expect(result.times == [0, 40, 41, 42, 80])
    #expect(result.count == 2)
  }

  @Test func aRestartedClockGoesOn() {
    #expect(repaired([95_000, 95_040, 0, 40, 80]).times == [95_000, 95_040, 95_080, 95_120, 95_160])
  }

  @Test func absurdTimesAreUnknown() {
    #expect(repaired([0, .max - 1, .min + 2, 120]).times == [0, 40, 80, 120])
  }

  @Test func ticksAreRounded() {
    let base = Rational(1, 25)
    #expect(base.ticks(fromSeconds: 1.01) == 25)
    #expect(base.ticks(after: 1.01) == 26)
    #expect(base.ticks(fromSeconds: .infinity) == 0)
    #expect(Rational(1, 90000).ticks(90000, in: Rational(1, 1000)) == 1000)
  }
}
