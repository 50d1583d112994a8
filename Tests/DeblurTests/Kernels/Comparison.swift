import TestSupport
import Testing

@testable import Deblur

extension SeededGenerator {
  /// A tensor of values in `range`.
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
