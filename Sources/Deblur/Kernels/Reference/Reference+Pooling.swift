extension Reference {
  /// Mean over `cells × cells` windows as PyTorch cuts them: `⌊iH/s⌋ ..< ⌈(i+1)H/s⌉`. Shape: `[s, s, C]`.
  static func adaptiveAveragePool(_ x: Tensor, cells s: Int) -> Tensor {
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
  static func averagePool(_ x: Tensor, factor: Int, scale: Float = 1) -> Tensor {
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

  /// Mean and maximum of every channel over all pixels; `[C]` each.
  static func globalPool(_ x: Tensor) -> (mean: [Float], max: [Float]) {
    var mean = [Float](repeating: 0, count: x.channels)
    var maximum = [Float](repeating: -.infinity, count: x.channels)
    for c in 0..<x.channels {
      var sum = 0.0
      for y in 0..<x.height {
        for ix in 0..<x.width {
          sum += Double(x[y, ix, c])
          maximum[c] = max(maximum[c], x[y, ix, c])
        }
      }
      mean[c] = Float(sum / Double(x.height * x.width))
    }
    return (mean, maximum)
  }
}
