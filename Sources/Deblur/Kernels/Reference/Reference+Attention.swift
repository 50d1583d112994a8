extension Reference {
  /// Mean and maximum over the channels of `x`, each channel multiplied by `scale` first. Shape: `[H, W, 2]`.
  static func channelStatistics(_ x: Tensor, scaledBy scale: [Float]? = nil) -> Tensor {
    let out = Tensor(x.height, x.width, 2)
    for y in 0..<x.height {
      for ix in 0..<x.width {
        var (sum, maximum) = (0.0, -Double.infinity)
        for c in 0..<x.channels {
          let value = Double(x[y, ix, c]) * Double(scale?[c] ?? 1)
          sum += value
          maximum = max(maximum, value)
        }
        out[y, ix, 0] = Float(sum / Double(x.channels))
        out[y, ix, 1] = Float(maximum)
      }
    }
    return out
  }

  /// `x · channels[c] · pixels[y, x]`, the two maps of CBAM. `channels`: `[C]`; `pixels`: `[H, W, 1]`.
  static func applyAttention(_ x: Tensor, channels: [Float], pixels: Tensor) -> Tensor {
    let out = Tensor(shape: x.shape)
    for y in 0..<x.height {
      for ix in 0..<x.width {
        for c in 0..<x.channels { out[y, ix, c] = x[y, ix, c] * channels[c] * pixels[y, ix, 0] }
      }
    }
    return out
  }
}
