import Foundation
import Testing

@testable import Deblur

@Suite struct DeblurrerTests {
  static let frames = (0..<3).map { TinyModel.frame(29, 43, time: $0) }

  private func restore(_ deblurrer: Deblurrer) throws -> Tensor {
    let frames = try Self.frames.map(deblurrer.prepare)
    return try deblurrer.restore(previous: frames[0], middle: frames[1], next: frames[2])
  }

  @Test func theResultHasTheFramesSizeAndLiesInRange() throws {
    let result = try restore(TinyModel.deblurrer())
    #expect(result.shape == Self.frames[1].shape)
    #expect(result.values.allSatisfy { (0...1).contains($0) })
    #expect(largestDifference(result, Self.frames[1]) > 0.01)
  }

  /// Without both there is no motion.
  @Test func withoutANeighbourTheOthersMotionCounts() throws {
    let deblurrer = try TinyModel.deblurrer()
    let frames = try Self.frames.map(deblurrer.prepare)
    func restored(_ previous: PreparedFrame?, _ next: PreparedFrame?) throws -> [Float] {
      try deblurrer.restore(previous: previous, middle: frames[1], next: next).values
    }
    let results = [
      try restored(frames[0], frames[2]), try restored(nil, frames[2]), try restored(frames[0], nil),
      try restored(nil, nil),
    ]
    #expect(Set(results).count == 4)
  }

  @Test func aClosedMotionGateGivesTheFrameBackWithoutTheNetwork() throws {
    let deblurrer = try Deblurrer(model: .fast)
    let frame = try deblurrer.prepare(Self.frames[0])
    let matched = deblurrer.match(previous: frame, middle: frame, next: frame)
    #expect(deblurrer.network.restore(matched) == nil)
    #expect(deblurrer.network.restore(matched, isGated: false) != nil)
    #expect(try deblurrer.restore(matched).values == Self.frames[0].values)
  }

  @Test func aFrameWithoutColourGetsNone() throws {
    let grey = Self.frames.map { frame in
      let grey = Tensor(shape: frame.shape, filledWith: 0)
      for index in 0..<frame.count { grey.data[index] = frame.data[index - index % 3] }
      return grey
    }
    let deblurrer = try TinyModel.deblurrer()
    let frames = try grey.map(deblurrer.prepare)
    let result = try deblurrer.restore(previous: frames[0], middle: frames[1], next: frames[2])
    let values = result.values
    #expect(stride(from: 0, to: values.count, by: 3).allSatisfy { Set(values[$0..<$0 + 3]).count == 1 })
    #expect(largestDifference(result, grey[1]) > 0.01)
    // Colour in one pixel is colour.
    #expect(try deblurrer.prepare(grey[0]).isGrey)
    grey[0].data[100] += 0.01
    #expect(try !deblurrer.prepare(grey[0]).isGrey)
  }

  @Test func theNeighboursAndTheirOrderMatter() throws {
    let deblurrer = try TinyModel.deblurrer()
    let frames = try Self.frames.map(deblurrer.prepare)
    let forwards = try deblurrer.restore(previous: frames[0], middle: frames[1], next: frames[2])
    let backwards = try deblurrer.restore(previous: frames[2], middle: frames[1], next: frames[0])
    #expect(largestDifference(forwards, backwards) > 1e-3)
  }

  @Test func aSingleFrameModelIgnoresTheNeighbours() throws {
    let deblurrer = try TinyModel.deblurrer("tiny-single-frame")
    let frames = try Self.frames.map(deblurrer.prepare)
    let alone = try deblurrer.restore(previous: nil, middle: frames[1], next: nil)
    #expect(alone.values == (try restore(deblurrer)).values)
  }

  /// Strength 0 returns the frame itself, ½ lies half-way.
  @Test func strengthMixesTheFrameAndTheResult() throws {
    #expect(try restore(TinyModel.deblurrer(strength: 0)).values == Self.frames[1].values)
    let whole = try restore(TinyModel.deblurrer())
    let half = try restore(TinyModel.deblurrer(strength: 0.5))
    for index in 0..<half.count where whole.data[index] > 0 && whole.data[index] < 1 {
      let between = (whole.data[index] + Self.frames[1].data[index]) / 2
      #expect(abs(half.data[index] - between) < 1e-5)
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func samplesThatAreNotFiniteAreRefused(_ value: Float) throws {
    let deblurrer = try TinyModel.deblurrer()
    let frame = TinyModel.frame(29, 43, time: 0)
    frame[28, 42, 2] = value
    #expect(throws: DeblurError.notFinite) { try deblurrer.prepare(frame) }
  }

  @Test func numbersThatOverflowAreFoundOutNotShown() throws {
    let file = try TinyModel.file { builder in
      builder.remove("restoration.output.bias")
      builder.add("restoration.output.bias", [12], [Float](repeating: .greatestFiniteMagnitude, count: 12))
      builder.remove("restoration.output.weight")
      builder.add("restoration.output.weight", [12, 6, 3, 3], [Float](repeating: .greatestFiniteMagnitude, count: 648))
    }
    let deblurrer = try withFile(file) { try Deblurrer(model: .file($0)) }
    #expect(throws: DeblurError.notFinite) { try restore(deblurrer) }
  }

  @Test(arguments: [(1, 1), (1, 40), (33, 2), (16, 16)])
  func sizesDownToOnePixel(height: Int, width: Int) throws {
    let deblurrer = try TinyModel.deblurrer()
    let frame = try deblurrer.prepare(TinyModel.frame(height, width, time: 0))
    let result = try deblurrer.restore(previous: frame, middle: frame, next: frame)
    #expect((result.height, result.width) == (height, width))
  }

  @Test func oneThreadAndSeveralGiveTheSameBits() throws {
    let deblurrer = try TinyModel.deblurrer("tiny-paper")
    let usual = Parallel.threadCount
    defer { Parallel.threadCount = usual }
    let results = try [1, 2, 3].map { threads in
      Parallel.threadCount = threads
      return try restore(deblurrer).values
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func aPreparedFrameGivesTheFrameBack() throws {
    let prepared = try TinyModel.deblurrer().prepare(Self.frames[0])
    #expect((prepared.padded.height, prepared.padded.width) == (32, 48))
    #expect(prepared.frame.values == Self.frames[0].values)
  }

  @Test func theModelDescribesItself() throws {
    let model = try TinyModel.deblurrer().model
    #expect(model.name == "tiny" && model.version == "7" && model.training == #"{"steps": 1}"#)
  }
}
