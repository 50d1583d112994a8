extension Reference {
  /// Backward bilinear warp: `out(x, y) = image(x + u, y + v)`, positions clamped to the border.
  /// `image`: `[H, W, C]`; `flow`: `[H, W, 2]`, u to the right and v downwards in pixels.
  static func warp(_ image: Tensor, by flow: Tensor) -> Tensor {
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
}
