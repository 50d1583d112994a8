import Testing

@testable import Deblur

/// Reproducible pseudo-random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// `count` values in `range`.
  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in Float.random(in: range, using: &self) }
  }

  mutating func tensor(_ height: Int, _ width: Int, _ channels: Int, in range: ClosedRange<Float> = -1...1) -> Tensor {
    Tensor(height: height, width: width, channels: channels, values: floats(height * width * channels, in: range))
  }
}

/// The largest difference, relative to the largest magnitude of the truth.
func relativeError(_ result: Tensor, _ truth: Tensor) -> Float {
  guard result.shape == truth.shape else { return .infinity }
  let (a, b) = (result.values, truth.values)
  let scale = max(b.reduce(0) { max($0, abs($1)) }, 1e-20)
  var largest: Float = 0
  for (x, y) in zip(a, b) {
    let difference = abs(x - y) / scale
    if !(difference <= largest) { largest = difference }  // NaN counts as a difference
  }
  return largest
}

/// Runs a kernel on every instruction set of this processor, with one thread and with three, and expects
/// 1e-4 of the reference and the same bits for every number of threads.
func expectEveryVariant(
  _ truth: Tensor, tolerance: Float = 1e-4, _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation,
  _ kernel: () -> Tensor
) {
  for instructions in InstructionSet.available {
    InstructionSet.$current.withValue(instructions) {
      let alone = Parallel.$workers.withValue(single) { kernel() }
      let error = relativeError(alone, truth)
      #expect(error <= tolerance, "\(what) on \(instructions): \(error)", sourceLocation: sourceLocation)
      let together = Parallel.$workers.withValue(several) { kernel() }
      #expect(
        alone.values.map(\.bitPattern) == together.values.map(\.bitPattern),
        "\(what) on \(instructions), three threads",
        sourceLocation: sourceLocation)
    }
  }
}

private let single = Workers(count: 1)
private let several = Workers(count: 3)
