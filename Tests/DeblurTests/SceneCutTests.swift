import Testing

@testable import Deblur

@Suite struct SceneCutTests {
  private func separates(_ a: Tensor, _ b: Tensor) -> Bool {
    SceneCut.separates(SceneCut.Thumbnail(a), SceneCut.Thumbnail(b))
  }

  /// A copy with every element changed.
  private func map(_ x: Tensor, _ change: (Int, Float) -> Float) -> Tensor {
    Tensor(
      height: x.height, width: x.width, channels: x.channels,
      values: x.values.enumerated().map { change($0.offset, $0.element) })
  }

  @Test(arguments: [(270, 480), (64, 64), (90, 31), (16, 16), (300, 20)])
  func anotherSceneIsACutAtAnySize(height: Int, width: Int) {
    #expect(separates(TinyModel.frame(height, width, time: 0), TinyModel.frame(height, width, time: 0, scene: 1)))
  }

  @Test(arguments: [0, 1, 5, 20])
  func motionIsNoCut(time: Int) {
    #expect(!separates(TinyModel.frame(180, 320, time: 0), TinyModel.frame(180, 320, time: time)))
  }

  @Test func blurNoiseAndALittleMoreLightAreNoCut() {
    let frame = TinyModel.frame(180, 320, time: 0)
    #expect(!separates(frame, map(frame) { $1 + ($0 &* 7919 % 101 < 50 ? 0.1 : -0.1) }))
    #expect(!separates(frame, map(frame) { min(1, $1 * 1.04) }))
    let blurred = resizeBilinear(resizeBilinear(frame, height: 45, width: 80), height: 180, width: 320)
    #expect(!separates(frame, blurred))
  }

  @Test func flatPicturesBelongTogetherAndBlackToAPictureIsACut() {
    let black = Tensor(180, 320, 3, filledWith: 0)
    #expect(!separates(black, map(black) { index, _ in index % 2 == 0 ? 0.004 : 0 }))
    #expect(separates(black, TinyModel.frame(180, 320, time: 0)))
    #expect(separates(TinyModel.frame(180, 320, time: 0), black))
  }

  @Test func framesOfTwoSizesNeverBelongTogether() {
    #expect(separates(TinyModel.frame(64, 60, time: 0), TinyModel.frame(64, 64, time: 0)))
  }

  @Test func aThumbnailHoldsTheMeansOfItsCells() {
    let frame = TinyModel.frame(130, 192, time: 0)
    let thumbnail = SceneCut.Thumbnail(frame)
    #expect((thumbnail.height, thumbnail.width) == (43, 64))
    var sum: Float = 0
    for y in 6..<9 { for x in 15..<18 { sum += frame[y, x, 1] } }
    #expect(abs(thumbnail.values[(2 * 64 + 5) * 3 + 1] - sum / 9) < 1e-6)
  }
}
