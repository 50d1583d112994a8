import TestSupport
import Testing

@testable import Deblur

/// The kernels of CBAM against plain loops in double.
struct AttentionTests {
  static let shapes = [(1, 1, 1), (4, 7, 16), (9, 3, 21), (5, 6, 48), (1, 11, 100)]

  @Test(arguments: shapes)
  func globalPooling(height: Int, width: Int, channels: Int) {
    var generator = SeededGenerator(seed: 1)
    let x = generator.tensor(height, width, channels, in: -3...(-1))
    let asTensor = { (pooled: (mean: [Float], max: [Float])) in
      Tensor(height: 1, width: 2, channels: channels, values: pooled.mean + pooled.max)
    }
    expectEveryVariant(asTensor(Reference.globalPool(x))) { asTensor(globalPool(x)) }
  }

  @Test(arguments: shapes)
  func statistics(height: Int, width: Int, channels: Int) {
    var generator = SeededGenerator(seed: 2)
    let x = generator.tensor(height, width, channels)
    let scale = generator.floats(channels)
    expectEveryVariant(Reference.channelStatistics(x)) { channelStatistics(x) }
    expectEveryVariant(Reference.channelStatistics(x, scaledBy: scale)) { channelStatistics(x, scaledBy: scale) }
  }

  @Test(arguments: shapes)
  func gates(height: Int, width: Int, channels: Int) {
    var generator = SeededGenerator(seed: 3)
    let x = generator.tensor(height, width, channels)
    let gates = generator.floats(channels), pixels = generator.tensor(height, width, 1)
    expectEveryVariant(Reference.scaleChannelsAndPixels(x, channels: gates, pixels: pixels)) {
      scaleChannelsAndPixels(x, channels: gates, pixels: pixels)
    }
  }
}
