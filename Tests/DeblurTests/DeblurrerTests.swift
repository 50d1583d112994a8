import Foundation
import Testing

@testable import Deblur

@Suite("Deblurrer")
struct DeblurrerTests {
  static let frames = (0..<3).map { TinyModel.frame(29, 43, time: $0) }

  private func restore(_ deblurrer: Deblurrer) throws -> Tensor {
    let frames = try Self.frames.map(deblurrer.prepare)
    return try deblurrer.restore(previous: frames[0], middle: frames[1], next: frames[2])
  }

  @Test("the result has the frame's size and lies in 0…1")
  func range() throws {
    let result = try restore(TinyModel.deblurrer())
    #expect(result.shape == Self.frames[1].shape)
    #expect(result.values.allSatisfy { (0...1).contains($0) })
    #expect(largestDifference(result, Self.frames[1]) > 0.01)
  }

  @Test("without a neighbour the other one's motion counts, without both there is none")
  func edges() throws {
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

  @Test("where the motion gate is closed everywhere the frame comes back, and the network's answer is not waited for")
  func still() throws {
    let deblurrer = try Deblurrer(model: .fast)
    let frame = try deblurrer.prepare(Self.frames[0])
    let matched = deblurrer.match(previous: frame, middle: frame, next: frame)
    #expect(deblurrer.network.restore(matched) == nil)
    #expect(deblurrer.network.restore(matched, isGated: false) != nil)
    #expect(try deblurrer.restore(matched).values == Self.frames[0].values)
  }

  @Test("the order of the neighbours matters, and the neighbours do")
  func order() throws {
    let deblurrer = try TinyModel.deblurrer()
    let frames = try Self.frames.map(deblurrer.prepare)
    let forwards = try deblurrer.restore(previous: frames[0], middle: frames[1], next: frames[2])
    let backwards = try deblurrer.restore(previous: frames[2], middle: frames[1], next: frames[0])
    #expect(largestDifference(forwards, backwards) > 1e-3)
  }

  @Test("a single-frame model ignores the neighbours")
  func singleFrame() throws {
    let deblurrer = try TinyModel.deblurrer("tiny-single-frame")
    let frames = try Self.frames.map(deblurrer.prepare)
    let alone = try deblurrer.restore(previous: nil, middle: frames[1], next: nil)
    #expect(alone.values == (try restore(deblurrer)).values)
  }

  @Test("strength 0 returns the frame itself, strength ½ lies half-way")
  func strength() throws {
    #expect(try restore(TinyModel.deblurrer(strength: 0)).values == Self.frames[1].values)
    let whole = try restore(TinyModel.deblurrer())
    let half = try restore(TinyModel.deblurrer(strength: 0.5))
    for index in 0..<half.count where whole.data[index] > 0 && whole.data[index] < 1 {
      let between = (whole.data[index] + Self.frames[1].data[index]) / 2
      #expect(abs(half.data[index] - between) < 1e-5)
    }
  }

  @Test("samples that are not finite are refused", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(_ value: Float) throws {
    let deblurrer = try TinyModel.deblurrer()
    let frame = TinyModel.frame(29, 43, time: 0)
    frame[28, 42, 2] = value
    #expect(throws: DeblurError.notFinite) { try deblurrer.prepare(frame) }
  }

  @Test("a network whose numbers overflow is found out, not shown")
  func overflow() throws {
    let file = try TinyModel.file { builder in
      builder.remove("restoration.output.bias")
      builder.add("restoration.output.bias", [12], [Float](repeating: .greatestFiniteMagnitude, count: 12))
      builder.remove("restoration.output.weight")
      builder.add("restoration.output.weight", [12, 6, 3, 3], [Float](repeating: .greatestFiniteMagnitude, count: 648))
    }
    let deblurrer = try withFile(file) { try Deblurrer(model: .file($0)) }
    #expect(throws: DeblurError.notFinite) { try restore(deblurrer) }
  }

  @Test("sizes down to one pixel", arguments: [(1, 1), (1, 40), (33, 2), (16, 16)])
  func sizes(height: Int, width: Int) throws {
    let deblurrer = try TinyModel.deblurrer()
    let frame = try deblurrer.prepare(TinyModel.frame(height, width, time: 0))
    let result = try deblurrer.restore(previous: frame, middle: frame, next: frame)
    #expect((result.height, result.width) == (height, width))
  }

  @Test("one thread and several give the same bits")
  func threads() throws {
    let deblurrer = try TinyModel.deblurrer("tiny-paper")
    let usual = Parallel.threadCount
    defer { Parallel.threadCount = usual }
    let results = try [1, 2, 3].map { threads in
      Parallel.threadCount = threads
      return try restore(deblurrer).values
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test("a prepared frame gives the frame back")
  func prepared() throws {
    let prepared = try TinyModel.deblurrer().prepare(Self.frames[0])
    #expect((prepared.padded.height, prepared.padded.width) == (32, 48))
    #expect(prepared.frame.values == Self.frames[0].values)
  }

  @Test("the model describes itself")
  func description() throws {
    let model = try TinyModel.deblurrer().model
    #expect(model.name == "tiny" && model.version == "7" && model.training == #"{"steps": 1}"#)
  }
}
