import TestSupport
import Testing

@testable import Deblur

/// Against plain loops.
@Suite struct PoolingTests {
  @Test(arguments: [(1, 1, 3), (5, 8, 16), (13, 7, 21), (2, 9, 40)], [1, 2, 3, 6])
  func adaptivePooling(shape: (Int, Int, Int), cells: Int) {
    var generator = SeededGenerator(seed: 2)
    let x = generator.tensor(shape.0, shape.1, shape.2)
    expectEveryVariant(Reference.adaptiveAveragePool(x, cells: cells)) { adaptiveAveragePool(x, cells: cells) }
  }

  @Test(arguments: [(4, 6, 2, 2), (9, 12, 5, 3), (8, 8, 16, 4)])
  func averagePooling(height: Int, width: Int, channels: Int, factor: Int) {
    var generator = SeededGenerator(seed: 3)
    let x = generator.tensor(height, width, channels)
    expectEveryVariant(Reference.averagePool(x, factor: factor, scale: 0.0625)) {
      averagePool(x, factor: factor, scale: 0.0625)
    }
  }

  @Test(arguments: AttentionTests.shapes)
  func globalPooling(height: Int, width: Int, channels: Int) {
    var generator = SeededGenerator(seed: 1)
    let x = generator.tensor(height, width, channels, in: -3...(-1))
    let asTensor = { (pooled: (mean: [Float], max: [Float])) in
      Tensor(height: 1, width: 2, channels: channels, values: pooled.mean + pooled.max)
    }
    expectEveryVariant(asTensor(Reference.globalPool(x))) { asTensor(globalPool(x)) }
  }
}
