/// Alignment, the paper's second step: both neighbours are brought onto the middle frame by the flow that leads to them.
///
/// The middle frame stands in for a missing neighbour, and the motion is taken to go on as on the other side.
struct Alignment {
  /// Previous, middle and next frame as seen from the middle one; of the single-frame baseline that one alone.
  let frames: [AlignedFrame]
  /// From the middle frame to the previous and to the next, [H, W, 2] each in pixels; none of the single-frame baseline.
  let flows: [Tensor]
}

extension Alignment {
  /// A frame without neighbours.
  init(_ frame: Tensor) {
    frames = [AlignedFrame(frame: frame, flow: nil)]
    flows = []
  }

  /// - Parameters:
  ///   - previous, middle, next: frames of one size, [H, W, 3]; a neighbour is nil where there is none.
  ///   - flows: to the previous and to the next frame, [H, W, 2]; nil where there is none.
  init(previous: Tensor?, middle: Tensor, next: Tensor?, flows: [Tensor?]) {
    self.flows = mirrored(flows, middle.shape)
    let (toPrevious, toNext) = (self.flows[0], self.flows[1])
    frames = [
      AlignedFrame(frame: previous ?? middle, flow: previous.map { _ in toPrevious }),
      AlignedFrame(frame: middle, flow: nil),
      AlignedFrame(frame: next ?? middle, flow: next.map { _ in toNext }),
    ]
  }
}

/// Two flows, each [H, W, 2], a missing one replaced by the other with its sign turned; zero if both are.
private func mirrored(_ flows: [Tensor?], _ shape: Shape) -> [Tensor] {
  func turned(_ flow: Tensor?) -> Tensor {
    let result = Tensor(shape.height, shape.width, 2)
    for index in 0..<result.count { result.data[index] = flow.map { -$0.data[index] } ?? 0 }
    return result
  }
  return [flows[0] ?? turned(flows[1]), flows[1] ?? turned(flows[0])]
}
