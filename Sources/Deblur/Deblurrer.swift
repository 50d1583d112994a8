/// The library's front door: a window of three frames in, the sharp middle frame out.
///
///     let deblurrer = try Deblurrer(model: .fast)
///     let frames = try [a, b, c].map(deblurrer.prepare)
///     let sharp = try deblurrer.restore(previous: frames[0], middle: frames[1], next: frames[2])
///
/// ``FrameWindow`` does this for a whole clip. A deblurrer holds no state between calls; kernels use all threads of
/// ``Parallel``, so running two at once gains nothing.
public final class Deblurrer: Sendable {
  /// What the loaded weights file says about itself.
  public let model: ModelDescription
  /// How much of the network's correction is applied: 0 returns the frame as it was, 1 the network's result.
  public let strength: Float
  let network: DeblurNetwork

  /// Loads a model.
  /// - Parameter strength: 0…1.
  /// - Throws: ``DeblurError`` if a shipped model is not there, the environment asks for an instruction set that
  ///   this machine has not, or a limit leaves too few addresses, ``WeightsError`` if its file is not sound.
  public init(model: Model = .fast, strength: Float = 1) throws {
    precondition((0...1).contains(strength), "strength \(strength) is outside 0…1")
    try InstructionSet.checkEnvironment()
    try AddressSpace.check()
    let url = try model.url()
    let weights = try Weights(contentsOf: url)
    self.model = try ModelDescription(weights, url)
    network = try DeblurNetwork(weights, self.model.config)
    self.strength = strength
  }

  /// The shipped models, by name.
  public static func bundled() throws -> [ModelDescription] {
    try Model.weights(in: Resources.folder()).map { try ModelDescription(contentsOf: $0) }
  }

  /// Computes what depends on one frame alone.
  /// - Parameter frame: [H, W, 3] RGB in 0…1, any size; it must not be changed afterwards.
  /// - Throws: ``DeblurError/notFinite``.
  public func prepare(_ frame: Tensor) throws(DeblurError) -> PreparedFrame {
    precondition(frame.channels == 3 && frame.count > 0, "a frame has shape [H, W, 3], given \(frame.shape)")
    guard frame.isFinite else { throw .notFinite }
    return Profile.measure("prepare") { network.prepare(frame) }
  }

  /// Deblurs the middle frame of a window.
  /// - Parameters:
  ///   - previous: the frame before, nil at the clip's beginning or after a scene cut: the middle frame takes its
  ///     place, and the motion is taken to go on as towards `next`.
  ///   - next: the frame after, nil at the clip's end or before a scene cut.
  /// - Returns: [H, W, 3] RGB, clamped to 0…1.
  /// - Throws: ``DeblurError/notFinite`` if the network's result is not finite.
  public func restore(
    previous: PreparedFrame?, middle: PreparedFrame, next: PreparedFrame?
  ) throws(DeblurError) -> Tensor {
    try restore(match(previous: previous, middle: middle, next: next))
  }

  /// The first half of `restore`: finds the motion to the neighbours.
  public func match(previous: PreparedFrame?, middle: PreparedFrame, next: PreparedFrame?) -> MatchedFrames {
    precondition(
      [previous, next].allSatisfy { $0.map { ($0.height, $0.width) == (middle.height, middle.width) } ?? true },
      "a window of frames of several sizes")
    let flows = strength > 0 ? network.match(previous: previous, middle: middle, next: next) : [nil, nil]
    return MatchedFrames(previous: previous, middle: middle, next: next, flows: flows)
  }

  /// How far each place of the middle frame moves until the next or since the previous one, whichever is more, in pixels
  /// of the frame: [h, w, 1], some pixels of the frame to one.
  /// - Returns: nil where the model looks at no neighbours, or there were none.
  public func motion(of frames: MatchedFrames) -> Tensor? {
    let flows = frames.flows.compactMap(\.self)
    guard let scale = network.flow?.scale, let first = flows.first else { return nil }
    let result = Tensor(first.height, first.width, 1, filledWith: 0)
    for flow in flows {
      for index in 0..<result.count {
        let (u, v) = (flow.data[2 * index], flow.data[2 * index + 1])
        result.data[index] = max(result.data[index], Float(scale) * (u * u + v * v).squareRoot())
      }
    }
    return result
  }

  /// The second half: may run beside the first half of the next window.
  public func restore(_ frames: MatchedFrames) throws(DeblurError) -> Tensor {
    guard strength > 0 else { return frames.middle.frame }
    // Where there is nothing to add, the frame is still clamped like all others: brightness must not jump when motion begins.
    let correction = network.restore(frames) ?? Tensor(shape: frames.middle.padded.shape, filledWith: 0)
    let result = Profile.measure("output") { corrected(frames.middle, by: correction) }
    guard let result else { throw .notFinite }
    return result
  }

  /// The work that a frame takes at most, everything in it moving: for telling how fast a network is here and now.
  /// - Parameter frame: [H, W, 3], of any content.
  package func rehearse(_ frame: Tensor) throws(DeblurError) {
    let frame = try prepare(frame)
    let matched = match(previous: frame, middle: frame, next: frame)
    _ = network.restore(matched, isGated: false).map { corrected(frame, by: $0) }
  }

  /// clamp(frame + strength · correction), [H, W, 3] without the padding; nil if that is not finite everywhere. The correction of a grey frame
  /// is the mean of those of its three channels.
  private func corrected(_ frame: PreparedFrame, by correction: Tensor) -> Tensor? {
    let result = Tensor(frame.height, frame.width, 3)
    let isFinite = Parallel.allRows(frame.height) { y in
      let (input, change, output) = (frame.padded.row(y), correction.row(y), result.row(y))
      var largest: UInt32 = 0
      if frame.isGrey {
        for x in 0..<frame.width {
          let mean = (change[3 * x] + change[3 * x + 1] + change[3 * x + 2]) / 3
          for channel in 0..<3 { change[3 * x + channel] = mean }
        }
      }
      for index in 0..<3 * frame.width {
        let value = input[index] + strength * change[index]
        largest = max(largest, value.exponentBits)
        output[index] = max(0, min(1, value))
      }
      return largest < Float.infinity.exponentBits
    }
    return isFinite ? result : nil
  }
}

extension Tensor {
  /// Whether no element is NaN or infinite.
  fileprivate var isFinite: Bool {
    Parallel.allRows(height) { y in
      let row = self.row(y)
      var largest: UInt32 = 0
      for index in 0..<width * channels { largest = max(largest, row[index].exponentBits) }
      return largest < Float.infinity.exponentBits
    }
  }
}

extension Float {
  /// All set in NaN and infinity only. (Integers, so that the loops above vectorise, which float comparisons would
  /// not.)
  fileprivate var exponentBits: UInt32 { bitPattern & 0x7F80_0000 }
}
