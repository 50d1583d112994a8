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

  /// What has to be added to the middle frame: [H, W, 3], of the padded size.
  func callAsFunction(previous: PreparedFrame, middle: PreparedFrame, next: PreparedFrame) -> Tensor {
    guard let flow else {
      return Profile.measure("restoration") { restoration([middle.padded], flows: []) }
    }
    var flows = Profile.measure("flow") {
      [previous, next].map { flow(middle.pyramid, $0.pyramid) }  // [H, W, 2]
    }
    var frames = Profile.measure("alignment") {
      [warp(previous.padded, by: flows[0]), middle.padded, warp(next.padded, by: flows[1])]  // [H, W, 3]
    }
    return Profile.measure("restoration") {
      // Handed over, so that they are freed as soon as they are used.
      restoration(exchange(&frames, with: []), flows: exchange(&flows, with: []))
    }
  }
}

extension ModelConfig {
  /// A side of the frame, padded to a multiple of the stride.
  func padded(_ side: Int) -> Int { (side + stride - 1) / stride * stride }
}
