extension Reference {
  /// Bilinear resize (PyTorch's `align_corners=False`), values multiplied by `scale`.
  static func resizeBilinear(_ x: Tensor, height: Int, width: Int, scale: Float = 1) -> Tensor {
    let out = Tensor(height, width, x.channels)
    func source(_ i: Int, _ from: Int, _ to: Int) -> (Int, Int, Double) {
      let position = max((Double(i) + 0.5) * Double(from) / Double(to) - 0.5, 0)
      let first = min(Int(position), from - 1)
      return (first, min(first + 1, from - 1), position - Double(first))
    }
    for oy in 0..<height {
      let (y0, y1, fy) = source(oy, x.height, height)
      for ox in 0..<width {
        let (x0, x1, fx) = source(ox, x.width, width)
        for c in 0..<x.channels {
          let top = Double(x[y0, x0, c]) * (1 - fx) + Double(x[y0, x1, c]) * fx
          let bottom = Double(x[y1, x0, c]) * (1 - fx) + Double(x[y1, x1, c]) * fx
          out[oy, ox, c] = Float((top * (1 - fy) + bottom * fy) * Double(scale))
        }
      }
    }
    return out
  }
}
