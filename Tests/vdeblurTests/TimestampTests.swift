import Testing

@testable import vdeblur

@Suite struct TimestampTests {
  @Test(arguments: [
    ("0", 0.0), ("12", 12), ("12.5", 12.5), (".5", 0.5), ("1500ms", 1.5), ("250us", 0.00025), ("3s", 3), ("1:02", 62),
    ("75:00", 4500), ("1:02:03.25", 3723.25), ("00:00:05.040", 5.04),
  ])
  func reads(text: String, seconds: Double) throws {
    let time = try #require(Timestamp(argument: text))
    #expect(abs(time.seconds - seconds) < 1e-9)
  }

  @Test(arguments: [
    "", "-1", "abc", "1e3", "inf", "nan", "0x10", "1:60", "1:2:3:4", "1.5:00", "1:75:00", "1..2", "5 s", "ms", ":",
    "1:", "9300000000000", "99999999999999999999", "2600000000:00:00",
  ])
  func refuses(text: String) {
    #expect(Timestamp(argument: text) == nil)
  }

  @Test func writesTimesForMessages() {
    #expect(clock(3.2) == "3.200")
    #expect(clock(75.5) == "1:15.500")
    #expect(clock(3723.25) == "1:02:03.250")
    #expect(clock(59.9996) == "1:00.000")
    #expect(clock(1e300).hasSuffix(".807") && clock(-1e300).hasPrefix("-"))
  }
}

@Suite struct ByteCountTests {
  @Test(arguments: [("1000", 1000), ("2k", 2048), ("2G", 2 << 30), ("1.5GiB", 3 << 29), ("512MB", 512 << 20)])
  func reads(text: String, bytes: Int) throws {
    #expect(try #require(ByteCount(argument: text)).bytes == bytes)
  }

  @Test(arguments: ["", "0", "-1", "G", "2X", "2GG", "99999999999T"])
  func refuses(text: String) {
    #expect(ByteCount(argument: text) == nil)
  }
}
