import TestSupport
import Testing

@testable import Deblur

@Suite struct MotionPathTests {
  @Test(arguments: [(1, 1, 1, 4), (6, 10, 2, 4), (9, 7, 1, 3), (12, 18, 3, 5), (4, 2, 2, 9)])
  func agreesWithTheReference(height: Int, width: Int, factor: Int, count: Int) {
    var random = SeededGenerator(seed: UInt64(height * 100 + width))
    let image = random.tensor(height, width, 2, in: 0...1)
    let toPrevious = random.tensor(height, width, 2, in: -9...9)
    let toNext = random.tensor(height, width, 2, in: -9...9)
    let truth = Reference.motionPath(
      image, toPrevious: toPrevious, toNext: toNext, count: count, factor: factor, scale: 4)
    expectEveryVariant(truth) {
      motionPath(image, toPrevious: toPrevious, toNext: toNext, count: count, factor: factor, scale: 4)
    }
  }

  @Test func samplesLieOnTheMotionFromPreviousToNext() {
    // A ramp of slope 1 to the right that moves 8 pixels a frame: the samples are the steps themselves.
    let ramp = Tensor(height: 1, width: 21, channels: 1, values: (0..<21).map(Float.init))
    let toPrevious = Tensor(height: 1, width: 21, channels: 2, values: (0..<21).flatMap { _ in [Float(-8), 0] })
    let toNext = Tensor(height: 1, width: 21, channels: 2, values: (0..<21).flatMap { _ in [Float(8), 0] })
    let path = motionPath(ramp, toPrevious: toPrevious, toNext: toNext, count: 2, factor: 1, scale: 1)
    #expect((0..<4).map { path[0, 10, $0] } == [-4, -2, 2, 4])
  }
}
