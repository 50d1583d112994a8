import TestSupport
import Testing

@testable import Deblur

/// Against plain loops.
@Suite struct PaddingTests {
  @Test(arguments: [(1, 1, 6, 5), (2, 3, 16, 16), (5, 7, 8, 7), (4, 4, 4, 4), (3, 9, 3, 40)])
  func padding(height: Int, width: Int, toHeight: Int, toWidth: Int) {
    var generator = SeededGenerator(seed: 5)
    let x = generator.tensor(height, width, 3)
    let padded = Reference.reflectPad(x, height: toHeight, width: toWidth)
    expectEveryVariant(padded, tolerance: 0) { reflectPad(x, height: toHeight, width: toWidth) }
    expectEveryVariant(x, tolerance: 0) { crop(padded, height: height, width: width) }
  }
}
