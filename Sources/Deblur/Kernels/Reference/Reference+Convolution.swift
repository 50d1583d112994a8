extension Reference {
  /// `activation(conv(x) + bias) + residual`. `weight`: `[O, I, k, k]`; `x`: `[H, W, I]` over all parts.
  static func convolution(
    _ parts: [Tensor], weight: [Float], bias: [Float], geometry g: ConvolutionGeometry,
    activation: Activation = .none, adding residual: Tensor? = nil
  ) -> Tensor {
    let x = parts.count == 1 ? parts[0] : concatenate(parts)
    let out = Tensor(g.outputSide(x.height), g.outputSide(x.width), g.outputChannels)
    let k = g.kernel
    for oy in 0..<out.height {
      for ox in 0..<out.width {
        for o in 0..<g.outputChannels {
          var sum = Double(bias[o])
          for ky in 0..<k {
            let iy = oy * g.stride + ky * g.dilation - g.padding
            guard iy >= 0, iy < x.height else { continue }
            for kx in 0..<k {
              let ix = ox * g.stride + kx * g.dilation - g.padding
              guard ix >= 0, ix < x.width else { continue }
              for i in 0..<g.inputChannels {
                sum += Double(x[iy, ix, i]) * Double(weight[((o * g.inputChannels + i) * k + ky) * k + kx])
              }
            }
          }
          out[oy, ox, o] = Float(apply(activation, sum) + Double(residual?[oy, ox, o] ?? 0))
        }
      }
    }
    return out
  }

  /// Transposed convolution 4×4, stride 2, padding 1: `[H, W, I]` to `[2H, 2W, O]`; `weight`: `[I, O, 4, 4]`.
  static func convTranspose(
    _ x: Tensor, weight: [Float], bias: [Float], outputChannels: Int,
    activation: Activation = .none, adding skip: Tensor? = nil
  ) -> Tensor {
    let out = Tensor(2 * x.height, 2 * x.width, outputChannels)
    for oy in 0..<out.height {
      for ox in 0..<out.width {
        for o in 0..<outputChannels {
          var sum = Double(bias[o])
          for ky in 0..<4 where (oy + 1 - ky) % 2 == 0 {
            let iy = (oy + 1 - ky) / 2
            guard oy + 1 >= ky, iy < x.height else { continue }
            for kx in 0..<4 where (ox + 1 - kx) % 2 == 0 {
              let ix = (ox + 1 - kx) / 2
              guard ox + 1 >= kx, ix < x.width else { continue }
              for i in 0..<x.channels {
                sum += Double(x[iy, ix, i]) * Double(weight[((i * outputChannels + o) * 4 + ky) * 4 + kx])
              }
            }
          }
          out[oy, ox, o] = Float(apply(activation, sum) + Double(skip?[oy, ox, o] ?? 0))
        }
      }
    }
    return out
  }
}
