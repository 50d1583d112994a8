extension Reference {
  /// Bilinear resize (PyTorch's `align_corners=False`), values multiplied by `scale`.
  public static func resizeBilinear(_ x: Tensor, height: Int, width: Int, scale: Float = 1) -> Tensor {
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

  /// Mean over `cells × cells` windows as PyTorch cuts them: `⌊iH/s⌋ ..< ⌈(i+1)H/s⌉`. Shape: `[s, s, C]`.
  public static func adaptiveAveragePool(_ x: Tensor, cells s: Int) -> Tensor {
    let out = Tensor(s, s, x.channels)
    func range(_ i: Int, _ side: Int) -> Range<Int> { i * side / s..<((i + 1) * side + s - 1) / s }
    for oy in 0..<s {
      for ox in 0..<s {
        let (rows, columns) = (range(oy, x.height), range(ox, x.width))
        for c in 0..<x.channels {
          var sum = 0.0
          for y in rows { for ix in columns { sum += Double(x[y, ix, c]) } }
          out[oy, ox, c] = Float(sum / Double(rows.count * columns.count))
        }
      }
    }
    return out
  }

  /// Mean over `factor × factor` blocks, multiplied by `scale`. Shape: `[H/factor, W/factor, C]`.
  public static func averagePool(_ x: Tensor, factor: Int, scale: Float = 1) -> Tensor {
    let out = Tensor(x.height / factor, x.width / factor, x.channels)
    for oy in 0..<out.height {
      for ox in 0..<out.width {
        for c in 0..<x.channels {
          var sum = 0.0
          for dy in 0..<factor {
            for dx in 0..<factor { sum += Double(x[oy * factor + dy, ox * factor + dx, c]) }
          }
          out[oy, ox, c] = Float(sum / Double(factor * factor) * Double(scale))
        }
      }
    }
    return out
  }

  /// `out[y, x, c·f² + dy·f + dx] = x[y·f + dy, x·f + dx, c] + offset`. Shape: `[H/f, W/f, C·f²]`.
  public static func pixelUnshuffle(_ x: Tensor, factor f: Int, offset: Float = 0) -> Tensor {
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
  public static func pixelShuffle(_ x: Tensor, factor f: Int, adding residual: Tensor? = nil) -> Tensor {
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

  /// Reflection (edge not repeated) to the right and below, up to `height × width`; a side of 1 is replicated.
  public static func reflectPad(_ x: Tensor, height: Int, width: Int) -> Tensor {
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
  public static func crop(_ x: Tensor, height: Int, width: Int) -> Tensor {
    let out = Tensor(height, width, x.channels)
    for y in 0..<height {
      for ox in 0..<width {
        for c in 0..<x.channels { out[y, ox, c] = x[y, ox, c] }
      }
    }
    return out
  }
}
