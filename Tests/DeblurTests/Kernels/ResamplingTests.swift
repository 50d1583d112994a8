import TestSupport
import Testing

@testable import Deblur

/// Changes of resolution and of layout against plain loops.
struct ResamplingTests {
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

  @Test(arguments: [(1, 1, 6, 5), (2, 3, 16, 16), (5, 7, 8, 7), (4, 4, 4, 4), (3, 9, 3, 40)])
  func padding(height: Int, width: Int, toHeight: Int, toWidth: Int) {
    var generator = SeededGenerator(seed: 5)
    let x = generator.tensor(height, width, 3)
    let padded = Reference.reflectPad(x, height: toHeight, width: toWidth)
    expectEveryVariant(padded, tolerance: 0) { reflectPad(x, height: toHeight, width: toWidth) }
    expectEveryVariant(x, tolerance: 0) { crop(padded, height: height, width: width) }
  }

  @Test func concatenation() {
    var generator = SeededGenerator(seed: 6)
    let parts = [1, 16, 3].map { generator.tensor(5, 4, $0) }
    expectEveryVariant(Reference.concatenate(parts), tolerance: 0) { concatenate(parts) }
  }
}
