/// How much of a correction counts at each pixel: nothing where nothing moved. What rests has no motion blur, and what a
/// network would change there is noise, differently in each frame.
struct MotionGate {
  /// [H, W, 1], in 0…1.
  let factors: Tensor
  /// Whether all factors are 0.
  let isClosed: Bool

  /// 0 where nothing moved by more than `pixels` a frame, 1 from one and a half times that on:
  /// `clamp((max(|toPrevious|², |toNext|²) / pixels² − 1) / 1.25)`.
  ///
  /// - Parameters:
  ///   - toPrevious, toNext: flows to the neighbours, [H, W, 2] in pixels.
  init(_ toPrevious: Tensor, _ toNext: Tensor, pixels: Float) {
    let factors = Tensor(toPrevious.height, toPrevious.width, 1)
    let scale = 1 / (pixels * pixels)
    isClosed = Parallel.allRows(factors.height) { y in
      let (left, right, out) = (toPrevious.row(y), toNext.row(y), factors.row(y))
      var bits: UInt32 = 0
      for x in 0..<factors.width {
        let before = left[2 * x] * left[2 * x] + left[2 * x + 1] * left[2 * x + 1]
        let after = right[2 * x] * right[2 * x] + right[2 * x + 1] * right[2 * x + 1]
        out[x] = max(0, min(1, (max(before, after) * scale - 1) / 1.25))
        bits |= out[x].bitPattern
      }
      return bits == 0
    }
    self.factors = factors
  }

  /// Multiplies each pixel of `tensor`, [H, W, C], by its factor, in place.
  func apply(to tensor: Tensor) {
    let channels = tensor.channels
    Parallel.rows(tensor.height) { first, end in
      for y in Int(first)..<Int(end) {
        let (values, factors) = (tensor.row(y), factors.row(y))
        for x in 0..<tensor.width {
          for channel in 0..<channels { values[x * channels + channel] *= factors[x] }
        }
      }
    }
  }
}
