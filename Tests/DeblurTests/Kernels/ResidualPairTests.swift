import TestSupport
import Testing

@testable import Deblur

@Suite struct ResidualPairTests {
  /// In bands of any height the result is that of the two convolutions one after the other.
  @Test(arguments: [3, 5], [1, 20_000, 40_000])
  func bandsChangeNothing(kernel: Int, bandBytes: Int) {
    var generator = SeededGenerator(seed: UInt64(kernel))
    let make = { (generator: inout SeededGenerator) in
      Convolution(
        weight: generator.floats(8 * 8 * kernel * kernel), bias: generator.floats(8), outputChannels: 8,
        inputChannels: 8, kernel: kernel)
    }
    for height in [1, 6, 13, 48, 61] {
      let x = generator.tensor(height, 23, 8)
      let first = make(&generator), second = make(&generator)
      let activation = Activation.leakyReLU(slope: 0.1)
      let whole = second(first(x, activation: activation), adding: x)
      let banded = residualPair(x, first, second, activation: activation, bandBytes: bandBytes)
      #expect(whole.values == banded.values, "\(height) rows")
    }
  }
}
