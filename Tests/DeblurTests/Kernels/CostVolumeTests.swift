import TestSupport
import Testing

@testable import Deblur

/// Against plain loops in double.
@Suite struct CostVolumeTests {
  @Test(arguments: [
    (1, 1, 1, 3), (8, 9, 16, 3), (5, 6, 24, 3), (4, 11, 32, 4), (6, 3, 196, 4), (3, 3, 13, 1),
  ])
  func costVolumes(height: Int, width: Int, channels: Int, radius: Int) {
    var generator = SeededGenerator(seed: 3)
    let a = generator.tensor(height, width, channels), b = generator.tensor(height, width, channels)
    for slope in [Float?.none, 0.1] {
      expectEveryVariant(Reference.costVolume(a, b, radius: radius, slope: slope)) {
        costVolume(a, b, radius: radius, slope: slope)
      }
    }
  }
}
