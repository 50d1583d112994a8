internal import CKernels

/// Mean over `cells × cells` windows as PyTorch cuts them: `⌊iH/s⌋ ..< ⌈(i+1)H/s⌉`. Result: `[s, s, C]`.
///
/// Source: pyramid pooling (Zhao et al., PSPNet, CVPR 2017).
func adaptiveAveragePool(_ x: Tensor, cells s: Int) -> Tensor {
  let out = Tensor(s, s, x.channels)
  func window(_ i: Int, _ side: Int) -> Range<Int> { i * side / s..<((i + 1) * side + s - 1) / s }
  for i in 0..<s {
    for j in 0..<s {
      let (rows, columns) = (window(i, x.height), window(j, x.width))
      let sum = sum(x, rows: rows, columns: columns)
      let weight = 1 / Double(rows.count * columns.count)
      for c in 0..<x.channels { out[i, j, c] = Float(sum[c] * weight) }
    }
  }
  return out
}

/// Mean over `factor × factor` blocks, multiplied by `scale`. Result: `[H/factor, W/factor, C]`.
package func averagePool(_ x: Tensor, factor: Int, scale: Float = 1) -> Tensor {
  let out = Tensor(x.height / factor, x.width / factor, x.channels)
  let kernels = InstructionSet.current.kernels
  let (from, to) = (x.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.average_pool(from, to, Int32(factor), scale, $0, $1) }
  return out
}

/// Mean and maximum of every channel over all pixels; `[C]` each.
func globalPool(_ x: Tensor) -> (mean: [Float], max: [Float]) {
  let kernels = InstructionSet.current.kernels
  let sum = sum(x, rows: 0..<x.height, columns: 0..<x.width)
  let maxima = Tensor(1, x.height, x.channels)
  let from = x.view
  Parallel.for(x.height) { kernels.pointee.max_row(from, Int32($0), maxima.data + $0 * x.channels) }
  let mean = sum.map { Float($0 / Double(x.height * x.width)) }
  let maximum = (0..<x.channels).map { c in (0..<x.height).map { maxima[0, $0, c] }.max()! }
  return (mean, maximum)
}

/// Sums over a window by channel: rows in float, their sums in double, in an order that no thread count changes.
private func sum(_ x: Tensor, rows: Range<Int>, columns: Range<Int>) -> [Double] {
  let kernels = InstructionSet.current.kernels
  let sums = Tensor(1, rows.count, x.channels)
  let from = x.view
  Parallel.for(rows.count) { index in
    let y = Int32(rows.lowerBound + index)
    kernels.pointee.sum_window(
      from, y, y + 1, Int32(columns.lowerBound), Int32(columns.upperBound), sums.data + index * x.channels)
  }
  return (0..<x.channels).map { c in (0..<rows.count).reduce(0) { $0 + Double(sums[0, $1, c]) } }
}
