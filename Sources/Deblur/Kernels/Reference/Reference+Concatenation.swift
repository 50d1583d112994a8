extension Reference {
  /// Channels of `parts` one behind the other. Shape: `[H, W, ΣC]`.
  static func concatenate(_ parts: [Tensor]) -> Tensor {
    let out = Tensor(parts[0].height, parts[0].width, parts.reduce(0) { $0 + $1.channels })
    var first = 0
    for part in parts {
      for y in 0..<out.height {
        for x in 0..<out.width {
          for c in 0..<part.channels { out[y, x, first + c] = part[y, x, c] }
        }
      }
      first += part.channels
    }
    return out
  }
}
