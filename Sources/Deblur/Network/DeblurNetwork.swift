/// The paper's three steps on padded frames: flow from the middle frame to each neighbour, alignment, restoration.
struct DeblurNetwork: Sendable {
  let config: ModelConfig
  let flow: FlowNetwork?
  let restoration: RestorationNetwork

  /// Fails unless the file holds exactly the tensors that the configuration describes.
  init(_ weights: Weights, _ config: ModelConfig) throws(WeightsError) {
    self.config = config
    flow =
      if let flow = config.flow { try FlowNetwork(weights["flow"], flow, slope: config.slope) } else { nil }
    restoration = try RestorationNetwork(
      weights["restoration"], config.restoration, frames: config.frames, slope: config.slope)
    try weights.checkAllUsed()
  }

  /// Pads a frame and computes its features.
  func prepare(_ frame: Tensor) -> PreparedFrame {
    let (height, width) = (config.padded(frame.height), config.padded(frame.width))
    let padded =
      (height, width) == (frame.height, frame.width) ? frame : reflectPad(frame, height: height, width: width)
    let pyramid = flow.map { flow in Profile.measure("pyramid") { flow.pyramid(padded) } }
    return PreparedFrame(frame, padded: padded, pyramid: pyramid ?? [])
  }

  /// What has to be added to the middle frame, see ``restore(_:)``.
  func callAsFunction(previous: PreparedFrame?, middle: PreparedFrame, next: PreparedFrame?) -> Tensor? {
    let flows = match(previous: previous, middle: middle, next: next)
    return restore(MatchedFrames(previous: previous, middle: middle, next: next, flows: flows))
  }

  /// Flow from the middle frame to each neighbour that there is, each [h, w, 2] at the flow network's finest level.
  func match(previous: PreparedFrame?, middle: PreparedFrame, next: PreparedFrame?) -> [Tensor?] {
    guard let flow else { return [nil, nil] }
    return Profile.measure("flow") {
      [previous, next].map { $0.map { flow.estimate(middle.pyramid, $0.pyramid) } }
    }
  }

  /// What has to be added to the middle frame: [H, W, 3], of the padded size; nil if that is nothing, because nothing
  /// moved.
  ///
  /// The middle frame stands in for a missing neighbour, and the motion is taken to go on as on the other side.
  /// - Parameter isGated: false to compute everything, whether it counts or not.
  func restore(_ matched: MatchedFrames, isGated: Bool = true) -> Tensor? {
    let middle = matched.middle.padded
    guard let flow else {
      return Profile.measure("restoration") {
        restoration(RestorationInput(Alignment(middle), config.restoration))
      }
    }
    var alignment: Alignment? = Profile.measure("upsampling") {
      Alignment(
        previous: matched.previous?.padded, middle: middle, next: matched.next?.padded,
        flows: matched.flows.map { $0.map(flow.upsampled) })
    }
    let gate = isGated ? Profile.measure("motion gate") { motionGate(alignment!.flows) } : nil
    if let gate, gate.isClosed { return nil }
    let correction = Profile.measure("restoration") {
      // Handed over, so that its flows are freed as soon as they are used.
      restoration(RestorationInput(alignment.take()!, config.restoration))
    }
    if let gate { Profile.measure("motion gate") { gate.apply(to: correction) } }
    return correction
  }

  private func motionGate(_ flows: [Tensor]) -> MotionGate? {
    let pixels = config.restoration.motionGate
    return pixels > 0 ? MotionGate(flows[0], flows[1], pixels: pixels) : nil
  }
}
