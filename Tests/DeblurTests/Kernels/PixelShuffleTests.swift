import TestSupport
import Testing

@testable import Deblur

/// Against plain loops.
@Suite struct PixelShuffleTests {
  @Test(arguments: [(2, 2, 3, 2), (6, 10, 3, 2), (4, 8, 5, 4), (3, 5, 2, 1)])
  func shuffling(height: Int, width: Int, channels: Int, factor: Int) {
    var generator = SeededGenerator(seed: 4)
    let x = generator.tensor(height, width, channels)
    let small = Reference.pixelUnshuffle(x, factor: factor, offset: -0.5)
    expectEveryVariant(small) { pixelUnshuffle(x, factor: factor, offset: -0.5) }
    expectEveryVariant(Reference.pixelShuffle(small, factor: factor, adding: x)) {
      pixelShuffle(small, factor: factor, adding: x)
    }
    #expect(pixelShuffle(pixelUnshuffle(x, factor: factor), factor: factor).values == x.values)
  }
}
