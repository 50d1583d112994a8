extension Reference {
  /// `out[y, x, c·f² + dy·f + dx] = x[y·f + dy, x·f + dx, c] + offset`. Shape: `[H/f, W/f, C·f²]`.
  static func pixelUnshuffle(_ x: Tensor, factor f: Int, offset: Float = 0) -> Tensor {
    let out = Tensor(x.height / f, x.width / f, x.channels * f * f)
    for y in 0..<out.height * f {
      for ix in 0..<out.width * f {
        for c in 0..<x.channels {
          out[y / f, ix / f, (c * f + y % f) * f + ix % f] = x[y, ix, c] + offset
        }
      }
    }
    return out
  }

  /// The inverse of `pixelUnshuffle`, plus `residual`. Shape: `[H·f, W·f, C/f²]`.
  static func pixelShuffle(_ x: Tensor, factor f: Int, adding residual: Tensor? = nil) -> Tensor {
    let out = Tensor(x.height * f, x.width * f, x.channels / (f * f))
    for y in 0..<out.height {
      for ox in 0..<out.width {
        for c in 0..<out.channels {
          out[y, ox, c] = x[y / f, ox / f, (c * f + y % f) * f + ox % f] + (residual?[y, ox, c] ?? 0)
        }
      }
    }
    return out
  }
}
