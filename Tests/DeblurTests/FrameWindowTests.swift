import Testing

@testable import Deblur

@Suite struct FrameWindowTests {
  /// What comes out of a window for a clip, in order.
  private func outputs(_ clip: [Tensor], _ deblurrer: Deblurrer) throws -> (
    outputs: [FrameWindow<Int>.Output], cuts: Int
  ) {
    var window = FrameWindow<Int>(deblurrer)
    var outputs: [FrameWindow<Int>.Output] = []
    for (index, frame) in clip.enumerated() {
      let output = try window.push(frame, index)
      #expect((output == nil) == (index == 0), "one frame of delay")
      if let output { outputs.append(output) }
    }
    if let output = try window.finish() { outputs.append(output) }
    #expect(try window.finish() == nil)
    return (outputs, window.cuts)
  }

  /// Every frame comes out in its place, deblurred with the neighbours whose indices are given.
  private func expect(_ clip: [Tensor], neighbours: [(previous: Int?, next: Int?)], cuts: Int) throws {
    let deblurrer = try TinyModel.deblurrer()
    let result = try outputs(clip, deblurrer)
    #expect(result.outputs.map(\.payload) == Array(clip.indices))
    #expect(result.cuts == cuts)
    let frames = try clip.map(deblurrer.prepare)
    for (index, (output, neighbours)) in zip(result.outputs, neighbours).enumerated() {
      let wanted = try deblurrer.restore(
        previous: neighbours.previous.map { frames[$0] }, middle: frames[index],
        next: neighbours.next.map { frames[$0] })
      #expect(output.restored.values == wanted.values, "frame \(index)")
      #expect(output.original.values == clip[index].values, "frame \(index)")
    }
  }

  private func scene(_ count: Int, _ scene: Int = 0) -> [Tensor] {
    (0..<count).map { TinyModel.frame(32, 48, time: $0, scene: scene) }
  }

  @Test func anEmptyClipGivesNothing() throws {
    #expect(try outputs([], TinyModel.deblurrer()).outputs.isEmpty)
  }

  @Test func aClipOfOneFrame() throws { try expect(scene(1), neighbours: [(nil, nil)], cuts: 0) }

  @Test func aClipOfTwoFrames() throws { try expect(scene(2), neighbours: [(nil, 1), (0, nil)], cuts: 0) }

  @Test func aClipOfThreeFrames() throws { try expect(scene(3), neighbours: [(nil, 1), (0, 2), (1, nil)], cuts: 0) }

  @Test func matchesAreRestoredAtTheSameTimeAfterTheLastFrame() async throws {
    let clip = scene(4)
    let whole = try outputs(clip, TinyModel.deblurrer()).outputs
    var window = FrameWindow<Int>(try TinyModel.deblurrer())
    var matches: [FrameWindow<Int>.Match] = []
    for (index, frame) in clip.enumerated() { if let match = try window.match(frame, index) { matches.append(match) } }
    if let match = window.finishMatching() { matches.append(match) }
    let restored = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for match in matches {
        group.addTask {
          let output = try match.restored()
          return (output.payload, output.restored.values)
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(restored == Dictionary(uniqueKeysWithValues: whole.map { ($0.payload, $0.restored.values) }))
  }

  @Test func noNeighbourAcrossASceneCut() throws {
    try expect(scene(3) + scene(2, 1), neighbours: [(nil, 1), (0, 2), (1, nil), (nil, 4), (3, nil)], cuts: 1)
  }

  @Test func aSceneOfOneFrameHasNoNeighbours() throws {
    try expect(scene(1) + scene(1, 1) + scene(2), neighbours: [(nil, nil), (nil, nil), (nil, 3), (2, nil)], cuts: 2)
  }

  @Test func aChangeOfTheFrameSizeIsACut() throws {
    let clip = scene(2) + [TinyModel.frame(40, 20, time: 2)]
    try expect(clip, neighbours: [(nil, 1), (0, nil), (nil, nil)], cuts: 1)
  }

  /// The others are as with it.
  @Test func aFrameThatIsOnlyANeighbourNeverComesOut() throws {
    let deblurrer = try TinyModel.deblurrer()
    let whole = try outputs(scene(4), deblurrer).outputs
    var window = FrameWindow<Int>(deblurrer)
    var results: [FrameWindow<Int>.Output] = []
    for (index, frame) in scene(4).enumerated() {
      if let output = try window.push(frame, index, wanted: index == 1 || index == 2) { results.append(output) }
    }
    #expect(try window.finish() == nil)
    #expect(results.map(\.payload) == [1, 2])
    #expect(results.map(\.restored.values) == whole[1...2].map(\.restored.values))
  }

  @Test func aFinishedWindowBeginsAnew() throws {
    let deblurrer = try TinyModel.deblurrer()
    var window = FrameWindow<Int>(deblurrer)
    var results: [[Float]] = []
    for _ in 0..<2 {
      #expect(try window.push(scene(1)[0], 0) == nil)
      results.append(try #require(try window.finish()).restored.values)
    }
    #expect(results[0] == results[1])
  }

  @Test func aBadFrameIsRefusedAndTheClipGoesOn() throws {
    var window = FrameWindow<Int>(try TinyModel.deblurrer())
    let bad = scene(1)[0]
    bad[0, 0, 0] = .nan
    #expect(try window.push(scene(1)[0], 0) == nil)
    #expect(throws: DeblurError.notFinite) { try window.push(bad, 1) }
    #expect(try window.push(scene(2)[1], 2)?.payload == 0)
    #expect(try window.finish()?.payload == 2)
  }
}
