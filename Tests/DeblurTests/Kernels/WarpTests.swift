import TestSupport
import Testing

@testable import Deblur

/// Against plain loops in double.
@Suite struct WarpTests {
  @Test(arguments: [(1, 1, 3), (7, 9, 3), (12, 5, 24), (3, 17, 1), (9, 8, 19), (5, 5, 40)])
  func warping(height: Int, width: Int, channels: Int) {
    var generator = SeededGenerator(seed: 1)
    let image = generator.tensor(height, width, channels)
    // Far enough to leave the image on every side.
    let flow = generator.tensor(height, width, 2, in: -Float(height + width)...Float(height + width))
    expectEveryVariant(Reference.warp(image, by: flow)) { warp(image, by: flow) }
  }

  @Test func warpingByNothingIsExact() {
    var generator = SeededGenerator(seed: 2)
    let image = generator.tensor(6, 7, 3)
    #expect(warp(image, by: Tensor(6, 7, 2, filledWith: 0)).values == image.values)
  }

  /// A broken flow must not read outside of the image.
  @Test func warpingByNotANumber() {
    let image = Tensor(4, 4, 3, filledWith: 0.25)
    let flow = Tensor(4, 4, 2, filledWith: .nan)
    flow[0, 0, 0] = .infinity
    flow[0, 0, 1] = -.infinity
    #expect(warp(image, by: flow).values == image.values)
  }
}
