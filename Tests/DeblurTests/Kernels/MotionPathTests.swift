import TestSupport
import Testing

@testable import Deblur

@Suite struct MotionPathTests {
  @Test(arguments: [(1, 1, 4, 0), (6, 10, 4, 1), (9, 7, 3, 2), (12, 18, 0, 5), (4, 2, 9, 0), (4, 6, 7, 6)], [1, 2])
  func agreesWithTheReference(shape: (height: Int, width: Int, count: Int, bend: Int), factor: Int) {
    let (height, width) = (shape.height * factor, shape.width * factor)
    let (count, bend) = (shape.count, shape.bend)
    var random = SeededGenerator(seed: UInt64(height * 100 + width))
    let image = random.tensor(height, width, 2, in: 0...1)
    let toPrevious = random.tensor(height, width, 2, in: -9...9)
    let toNext = random.tensor(height, width, 2, in: -9...9)
    let truth = Reference.motionPath(
      image, toPrevious: toPrevious, toNext: toNext, count: count, bend: bend, factor: factor, scale: 4)
    expectEveryVariant(truth) {
      motionPath(image, toPrevious: toPrevious, toNext: toNext, count: count, bend: bend, factor: factor, scale: 4)
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

  @Test func samplesAlongTheBendFollowTheSumOfBothFlows() {
    // It comes from the right and goes back there, 8 pixels each: no motion on the whole, a bend of 16.
    let ramp = Tensor(height: 1, width: 21, channels: 1, values: (0..<21).map(Float.init))
    let flow = Tensor(height: 1, width: 21, channels: 2, values: (0..<21).flatMap { _ in [Float(8), 0] })
    let path = motionPath(ramp, toPrevious: flow, toNext: flow, count: 1, bend: 2, factor: 1, scale: 1)
    #expect((0..<6).map { path[0, 10, $0] } == [0, 0, -1, -0.5, 0.5, 1])
  }
}
