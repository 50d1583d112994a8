extension Reference {
  /// Reflection (edge not repeated) to the right and below, up to `height × width`; a side of 1 is replicated.
  static func reflectPad(_ x: Tensor, height: Int, width: Int) -> Tensor {
    let out = Tensor(height, width, x.channels)
    for y in 0..<height {
      for ox in 0..<width {
        for c in 0..<x.channels {
          out[y, ox, c] = x[reflect(y, x.height), reflect(ox, x.width), c]
        }
      }
    }
    return out
  }

  /// The triangle wave 0 1 … side-1 side-2 … 1 0 1 …
  static func reflect(_ i: Int, _ side: Int) -> Int {
    guard side > 1 else { return 0 }
    let phase = i % (2 * (side - 1))
    return phase < side ? phase : 2 * (side - 1) - phase
  }

  /// The top left `height × width` pixels.
  static func crop(_ x: Tensor, height: Int, width: Int) -> Tensor {
    let out = Tensor(height, width, x.channels)
    for y in 0..<height {
      for ox in 0..<width {
        for c in 0..<x.channels { out[y, ox, c] = x[y, ox, c] }
      }
    }
    return out
  }
}
