import TestSupport
import Testing

@testable import Deblur

/// Against plain loops.
@Suite struct ResizeTests {
  @Test(arguments: [
    (1, 1, 4, 4, 2), (5, 7, 10, 14, 2), (6, 4, 24, 16, 3), (3, 3, 11, 8, 24), (9, 12, 4, 5, 17), (1, 6, 2, 9, 8),
  ])
  func resizing(height: Int, width: Int, toHeight: Int, toWidth: Int, channels: Int) {
    var generator = SeededGenerator(seed: 1)
    let x = generator.tensor(height, width, channels)
    expectEveryVariant(Reference.resizeBilinear(x, height: toHeight, width: toWidth, scale: 2)) {
      resizeBilinear(x, height: toHeight, width: toWidth, scale: 2)
    }
  }
}
