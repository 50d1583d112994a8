extension FixedWidthInteger {
  /// The integer nearest to `value` by `rule`: the largest or smallest that there is where it lies beyond, 0 for not-a-number.
  ///
  /// The one way from seconds and rates, which files, clocks and users give as they like, to integers: the language's own
  /// conversion ends the program where the value does not fit.
  public init(limiting value: Double, rounded rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero) {
    let whole = value.rounded(rule)
    // Double(Self.max) may be one too large: then it is not below.
    if whole >= Double(Self.min), whole < Double(Self.max) {
      self = Self(whole)
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}
