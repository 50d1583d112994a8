extension Reference {
  /// `out[(dy+r)(2r+1)+(dx+r)](y, x) = mean_c a(y, x, c)·b(y+dy, x+dx, c)`, zero outside; then LeakyReLU if `slope`.
  static func costVolume(_ a: Tensor, _ b: Tensor, radius r: Int, slope: Float? = nil) -> Tensor {
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
}
