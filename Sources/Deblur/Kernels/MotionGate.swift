/// 0 where nothing moved by more than `pixels` a frame, 1 from one and a half times that on: what rests has no motion
/// blur, and what a network would change there is noise, differently in each frame.
///
/// - Parameters:
///   - back, ahead: flows to the previous and the next frame, [H, W, 2] in pixels.
/// - Returns: [H, W, 1], `clamp((max(|back|², |ahead|²) / pixels² − 1) / 1.25)`.
func motionGate(_ back: Tensor, _ ahead: Tensor, pixels: Float) -> Tensor {
  let gate = Tensor(back.height, back.width, 1)
  let scale = 1 / (pixels * pixels)
  Parallel.rows(gate.height) { first, end in
    for y in Int(first)..<Int(end) {
      let (left, right, out) = (back.row(y), ahead.row(y), gate.row(y))
      for x in 0..<gate.width {
        let before = left[2 * x] * left[2 * x] + left[2 * x + 1] * left[2 * x + 1]
        let after = right[2 * x] * right[2 * x] + right[2 * x + 1] * right[2 * x + 1]
        out[x] = max(0, min(1, (max(before, after) * scale - 1) / 1.25))
      }
    }
  }
  return gate
}

/// Multiplies each pixel of `tensor`, [H, W, C], by its factor in `gate`, [H, W, 1], in place.
func multiply(_ tensor: Tensor, by gate: Tensor) {
  let channels = tensor.channels
  Parallel.rows(tensor.height) { first, end in
    for y in Int(first)..<Int(end) {
      let (values, factors) = (tensor.row(y), gate.row(y))
      for x in 0..<tensor.width {
        for channel in 0..<channels { values[x * channels + channel] *= factors[x] }
      }
    }
  }
}
