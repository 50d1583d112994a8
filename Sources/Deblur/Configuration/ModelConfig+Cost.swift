/// What a model costs, from its configuration alone.
extension ModelConfig {
  /// Number of weights.
  package var parameterCount: Int {
    layers.reduce(0) { $0 + $1.weights + $1.outputs }
  }

  /// Multiply-accumulates of all convolutions (computed directly) per pixel of the frame. The pooled branches of PPM
  /// and CBAM, whose size does not grow with the frame, are left out.
  package var multiplyAccumulatesPerPixel: Double {
    layers.reduce(0) { $0 + Double($1.weights) * $1.runsPerPixel }
  }

  /// Memory that the tensors take at most while ``framesAtOnce(height:width:)`` windows are restored and the next one
  /// matched, for frames of this size; weights, scratch of the kernels and the caller's own frames come on top.
  package func peakBytes(height: Int, width: Int) -> Int {
    let lanes = framesAtOnce(height: height, width: width)
    // The frames of all windows, and the one that waits between them.
    let prepared = Double(frames > 1 ? frames + 1 + lanes : lanes) * (3 + pyramidFloatsPerPixel)
    return bytes(prepared + Double(lanes) * restoringFloatsPerPixel + matchingFloatsPerPixel, height, width)
  }

  /// Windows to restore at a time, each on a thread of its own: two, as long as that takes little memory. Layers of larger
  /// frames are long enough to be divided among the threads without loss.
  package func framesAtOnce(height: Int, width: Int) -> Int {
    bytes(restoringFloatsPerPixel, height, width) <= 64 << 20 ? 2 : 1
  }

  private func bytes(_ floatsPerPixel: Double, _ height: Int, _ width: Int) -> Int {
    Int(floatsPerPixel * Double(padded(height) * padded(width)) * 4)
  }

  /// Restoration peaks at the last upsampling, its input beside the skip and the result; or at the first convolution, with
  /// its result, both flows, the gate and the brightness of the middle frame. (Its input is never there as a whole.)
  private var restoringFloatsPerPixel: Double {
    let subpixels = Double(restoration.unshuffle * restoration.unshuffle)
    let widest = Double(restoration.widths[0]) / subpixels
    let coarser = Double(restoration.widths[1]) / (4 * subpixels)
    return max(widest + 6, coarser + 2 * widest + 1)
  }

  /// The flow network peaks at its finest level, at the first convolution: its input beside its result.
  private var matchingFloatsPerPixel: Double {
    guard let flow else { return 0 }
    let scale = Double(flow.unshuffle << flow.finest)
    let displacements = (2 * flow.radius + 1) * (2 * flow.radius + 1)
    let channels =
      displacements + flow.pyramid[flow.finest - 1] + 4 + (flow.dense ? flow.decoder.reduce(0, +) : flow.decoder[0])
    return Double(channels) / (scale * scale)
  }

  private var pyramidFloatsPerPixel: Double {
    guard let flow else { return 0 }
    return flow.pyramid.enumerated().reduce(0) { sum, level in
      let scale = Double(flow.unshuffle << (level.offset + 1))
      return sum + Double(level.element) / (scale * scale)
    }
  }

  /// One convolution: its weights without biases, its biases, and how often the weights are applied per pixel of the
  /// frame.
  private struct Layer {
    let weights: Int
    let outputs: Int
    let runsPerPixel: Double

    /// - Parameter scale: pixels of the frame, in one direction, a pixel of the place where the weights are applied.
    init(_ inputs: Int, _ outputs: Int, kernel: Int = 3, scale: Int, times: Int = 1) {
      weights = kernel * kernel * inputs * outputs
      self.outputs = outputs
      runsPerPixel = scale == 0 ? 0 : Double(times) / Double(scale * scale)
    }
  }

  private var layers: [Layer] { (flow.map(flowLayers) ?? []) + restorationLayers }

  private func flowLayers(_ flow: Flow) -> [Layer] {
    var layers: [Layer] = []
    var width = 3 * flow.unshuffle * flow.unshuffle
    for (index, outputs) in flow.pyramid.enumerated() {
      for _ in 0..<flow.convolutions {
        layers.append(Layer(width, outputs, scale: flow.unshuffle << (index + 1)))
        width = outputs
      }
    }
    // Everything below runs for each of the two neighbours.
    let displacements = (2 * flow.radius + 1) * (2 * flow.radius + 1)
    for level in flow.finest...flow.pyramid.count {
      let scale = flow.unshuffle << level
      var width = displacements + flow.pyramid[level - 1] + (level == flow.pyramid.count ? 0 : 4)
      for outputs in flow.decoder {
        layers.append(Layer(width, outputs, scale: scale, times: 2))
        width = flow.dense ? width + outputs : outputs
      }
      layers.append(Layer(width, 2, scale: scale, times: 2))
      guard level == flow.finest else {
        layers.append(Layer(width, 2, kernel: 4, scale: scale, times: 2))
        continue
      }
      width += 2
      for layer in flow.context {
        layers.append(Layer(width, layer[0], scale: scale, times: 2))
        width = layer[0]
      }
      layers.append(Layer(width, 2, scale: scale, times: 2))
    }
    return layers
  }

  private var restorationLayers: [Layer] {
    let (u, kernel, widths) = (restoration.unshuffle, restoration.kernel, restoration.widths)
    let wide = widths[2]
    var layers: [Layer] = []
    for (index, width) in widths.enumerated() {
      let scale = u << index
      layers.append(Layer(index == 0 ? restorationInputs : widths[index - 1], width, kernel: kernel, scale: scale))
      // Encoder and decoder have the same residual blocks, of two convolutions each.
      layers += Array(repeating: Layer(width, width, kernel: kernel, scale: scale), count: 4 * restoration.blocks)
      if index > 0 { layers.append(Layer(width, widths[index - 1], kernel: 4, scale: scale)) }
    }
    if restoration.ppm {
      layers += Array(repeating: Layer(wide, wide / 4, kernel: 1, scale: 0), count: Restoration.poolingCells.count)
      layers.append(Layer(2 * wide, wide, kernel: 1, scale: 4 * u))
    }
    if restoration.cbam {
      let attended = restoration.ppm ? 2 * wide : wide
      let hidden = attended / restoration.cbamRatio
      layers += [
        Layer(attended, hidden, kernel: 1, scale: 0), Layer(hidden, attended, kernel: 1, scale: 0),
        Layer(2, 1, kernel: 7, scale: 4 * u),
      ]
    }
    layers.append(Layer(widths[0], 3 * u * u, kernel: kernel, scale: u))
    return layers
  }
}
