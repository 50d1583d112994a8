/// Dilated convolutions that refine the finest flow with its surroundings (PWC-Net, Sun et al., CVPR 2018, section 3
/// "Context network").
struct ContextNetwork: Sendable {
  let convolutions: [Conv2d]  // [h, w, context[j].width]
  let predict: Conv2d  // [h, w, 2]
  let activation: Activation

  init(_ weights: Weights, from inputs: Int, _ config: ModelConfig.Flow, activation: Activation) throws(WeightsError) {
    var width = inputs
    var convolutions: [Conv2d] = []
    for (index, layer) in config.context.enumerated() {
      let (outputs, dilation) = (layer[0], layer[1])
      convolutions.append(try Conv2d(weights["convolutions"][index], from: width, to: outputs, dilation: dilation))
      width = outputs
    }
    predict = try Conv2d(weights["predict"], from: width, to: 2)
    self.convolutions = convolutions
    self.activation = activation
  }

  /// The refined flow, [h, w, 2], in pixels of the finest level.
  func callAsFunction(_ estimate: FlowDecoder.Estimate) -> Tensor {
    var x = estimate.features + [estimate.flow]  // [h, w, inputs]
    for convolution in convolutions { x = [convolution(x, activation: activation)] }
    return predict(x, adding: estimate.flow)
  }
}
