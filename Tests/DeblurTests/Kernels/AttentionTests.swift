import TestSupport
import Testing

@testable import Deblur

/// Block attention (CBAM) against plain loops in double.
@Suite struct AttentionTests {
  static let shapes = [(1, 1, 1), (4, 7, 16), (9, 3, 21), (5, 6, 48), (1, 11, 100)]

  @Test(arguments: shapes)
  func statistics(height: Int, width: Int, channels: Int) {
    var generator = SeededGenerator(seed: 2)
    let x = generator.tensor(height, width, channels)
    let scale = generator.floats(channels)
    expectEveryVariant(Reference.channelStatistics(x)) { channelStatistics(x) }
    expectEveryVariant(Reference.channelStatistics(x, scaledBy: scale)) { channelStatistics(x, scaledBy: scale) }
  }

  @Test(arguments: shapes)
  func application(height: Int, width: Int, channels: Int) {
    var generator = SeededGenerator(seed: 3)
    let x = generator.tensor(height, width, channels)
    let perChannel = generator.floats(channels), pixels = generator.tensor(height, width, 1)
    expectEveryVariant(Reference.applyAttention(x, channels: perChannel, pixels: pixels)) {
      applyAttention(x, channels: perChannel, pixels: pixels)
    }
  }
}
