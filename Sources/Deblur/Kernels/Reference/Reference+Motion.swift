extension Reference {
  /// Backward bilinear warp: `out(x, y) = image(x + u, y + v)`, positions clamped to the border.
  /// `image`: `[H, W, C]`; `flow`: `[H, W, 2]`, u to the right and v downwards in pixels.
  public static func warp(_ image: Tensor, by flow: Tensor) -> Tensor {
    let out = Tensor(shape: image.shape)
    func clamp(_ position: Double, _ side: Int) -> Double {
      // Written so that NaN becomes 0.
      position > 0 ? min(position, Double(side - 1)) : 0
    }
    for y in 0..<image.height {
      for x in 0..<image.width {
        let px = clamp(Double(x) + Double(flow[y, x, 0]), image.width)
        let py = clamp(Double(y) + Double(flow[y, x, 1]), image.height)
        let (x0, y0) = (Int(px), Int(py))
        let (x1, y1) = (min(x0 + 1, image.width - 1), min(y0 + 1, image.height - 1))
        let (fx, fy) = (px - Double(x0), py - Double(y0))
        for c in 0..<image.channels {
          let top = Double(image[y0, x0, c]) * (1 - fx) + Double(image[y0, x1, c]) * fx
          let bottom = Double(image[y1, x0, c]) * (1 - fx) + Double(image[y1, x1, c]) * fx
          out[y, x, c] = Float(top * (1 - fy) + bottom * fy)
        }
      }
    }
    return out
  }

  /// `out[(dy+r)(2r+1)+(dx+r)](y, x) = mean_c a(y, x, c)·b(y+dy, x+dx, c)`, zero outside; then LeakyReLU if `slope`.
  public static func costVolume(_ a: Tensor, _ b: Tensor, radius r: Int, slope: Float? = nil) -> Tensor {
    let side = 2 * r + 1
    let out = Tensor(a.height, a.width, side * side)
    let activation = slope.map { Activation.leakyReLU(slope: $0) } ?? .none
    for y in 0..<a.height {
      for x in 0..<a.width {
        for dy in -r...r {
          for dx in -r...r {
            var sum = 0.0
            if (0..<a.height).contains(y + dy), (0..<a.width).contains(x + dx) {
              for c in 0..<a.channels { sum += Double(a[y, x, c]) * Double(b[y + dy, x + dx, c]) }
            }
            out[y, x, (dy + r) * side + dx + r] = Float(apply(activation, sum / Double(a.channels)))
          }
        }
      }
    }
    return out
  }

  /// `scale · (brightness(p + τₖ m) − brightness(p))`, m = (ahead − back) / 2, τₖ = ±k/(2·count), backward and farthest first; space to depth.
  public static func motionPath(
    _ image: Tensor, back: Tensor, ahead: Tensor, count: Int, factor: Int, scale: Float
  ) -> Tensor {
    let (height, width) = (image.height, image.width)
    let brightness = Tensor(height, width, 1)
    let samples = Tensor(height, width, 2 * count)
    let flow = Tensor(height, width, 2)
    for y in 0..<height {
      for x in 0..<width {
        let sum = (0..<image.channels).reduce(0.0) { $0 + Double(image[y, x, $1]) }
        brightness[y, x, 0] = Float(sum / Double(image.channels))
      }
    }
    for (index, k) in (-count...count).filter({ $0 != 0 }).enumerated() {
      for y in 0..<height {
        for x in 0..<width {
          for c in 0..<2 { flow[y, x, c] = Float(k) / Float(2 * count) * (ahead[y, x, c] - back[y, x, c]) / 2 }
        }
      }
      let moved = warp(brightness, by: flow)
      for y in 0..<height {
        for x in 0..<width { samples[y, x, index] = scale * (moved[y, x, 0] - brightness[y, x, 0]) }
      }
    }
    return pixelUnshuffle(samples, factor: factor, offset: 0)
  }
}
