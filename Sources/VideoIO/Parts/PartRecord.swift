/// What a part file says of itself, behind its packets: what joining must know, and what neighbours must agree on.
public struct PartRecord: Sendable, Equatable {
  /// Which part of which run this is: SHA-256 of all that determines its bytes, as 64 digits.
  public let address: String
  /// Presentation times of the frames, in display order.
  let times: [Int64]
  /// How long the last frame and the one before it are shown, in ticks.
  let lastDurations: (before: Int64, last: Int64)
  /// Where the part begins and ends.
  let lower, upper: PartCut
  /// What was damaged in the source.
  public let damage: PartDamage
  /// SHA-256 of the packets.
  let coded: String
  /// SHA-256 of the parameter sets (extradata) of its encoder.
  let parameterSets: String

  /// How many frames the part holds.
  public var frames: Int { times.count }

  /// Whether two machines have made the same part. What they met on their way to it may differ.
  func agrees(with other: PartRecord) -> Bool {
    func bits(_ record: PartRecord) -> [Substring] {
      record.text.split(separator: "\n").filter { !$0.hasPrefix("damage ") }
    }
    return bits(self) == bits(other)
  }

  /// Lines of `key value`.
  var text: String {
    func side(_ side: PartCut.Side?) -> String { side.map { "\($0.time) \($0.samples)" } ?? "none" }
    return """
      address \(address)
      times \(times.map { String($0) }.joined(separator: " "))
      durations \(lastDurations.before) \(lastDurations.last)
      lower-before \(side(lower.before))
      lower-after \(side(lower.after))
      upper-before \(side(upper.before))
      upper-after \(side(upper.after))
      damage \(damage.count) \(damage.packets) \(damage.repairedTimes)
      coded \(coded)
      parameter-sets \(parameterSets)

      """
  }

  /// nil when the text is not what ``text`` writes.
  init?(text: String) {
    var fields: [Substring: [Substring]] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      fields[words[0]] = Array(words.dropFirst())
    }
    func numbers(_ key: Substring, _ count: Int? = nil) -> [Int64]? {
      let values = fields[key]?.compactMap { Int64($0) }
      return values?.count == count ?? fields[key]?.count ? values : nil
    }
    func side(_ key: Substring) -> PartCut.Side?? {
      guard let words = fields[key] else { return nil }
      if words == ["none"] { return .some(nil) }
      guard words.count == 2, let time = Int64(words[0]) else { return nil }
      return PartCut.Side(time: time, samples: String(words[1]))
    }
    guard let address = fields["address"]?.first, let times = numbers("times"), let durations = numbers("durations", 2),
      let a = side("lower-before"), let b = side("lower-after"), let c = side("upper-before"),
      let d = side("upper-after"),
      let damage = numbers("damage", 3), let coded = fields["coded"]?.first,
      let parameterSets = fields["parameter-sets"]?.first
    else { return nil }
    self.init(
      address: String(address), times: times, lastDurations: (durations[0], durations[1]),
      lower: PartCut(before: a, after: b), upper: PartCut(before: c, after: d),
      damage: PartDamage(count: Int(damage[0]), packets: Int(damage[1]), repairedTimes: Int(damage[2])),
      coded: String(coded), parameterSets: String(parameterSets))
  }

  init(
    address: String, times: [Int64], lastDurations: (before: Int64, last: Int64), lower: PartCut, upper: PartCut,
    damage: PartDamage, coded: String, parameterSets: String
  ) {
    (self.address, self.times, self.lastDurations) = (address, times, lastDurations)
    (self.lower, self.upper, self.damage) = (lower, upper, damage)
    (self.coded, self.parameterSets) = (coded, parameterSets)
  }

  /// Whether both say the same.
  public static func == (a: PartRecord, b: PartRecord) -> Bool { a.text == b.text }
}
