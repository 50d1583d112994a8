internal import CFFmpeg

/// Adds a change of R'G'B' to the samples of a planar frame: code + round(M · Δ), with the chroma part averaged over each coarse sample.
///
/// Working on the difference leaves an unchanged picture bit for bit as it was: no generation loss, no colour shift, whatever the matrix.
final class RowEncoder {
  private let layout: PixelLayout
  private let coding: ColourCoding
  private let width: Int
  private let height: Int
  private let chromaWidth: Int
  private let difference: UnsafeMutablePointer<Float>  // [3, width]: ΔY, ΔCb, ΔCr or ΔR, ΔG, ΔB
  private let sums: UnsafeMutablePointer<Float>  // [2, width + 2]: chroma of the rows that make one coarse row
  private let carried: UnsafeMutablePointer<Float>  // [2, width]: the last row of the coarse row before

  init(layout: PixelLayout, coding: ColourCoding, width: Int, height: Int) {
    self.layout = layout
    self.coding = coding
    self.width = width
    self.height = height
    chromaWidth = (width + (1 << layout.chromaShiftX) - 1) >> layout.chromaShiftX
    difference = .allocate(capacity: 3 * width)
    sums = .allocate(capacity: 2 * (width + 2))
    carried = .allocate(capacity: 2 * width)
    sums.initialize(repeating: 0, count: 2 * (width + 2))
    carried.initialize(repeating: 0, count: 2 * width)
  }

  deinit {
    difference.deallocate()
    sums.deallocate()
    carried.deallocate()
  }

  /// Encodes row `row` of the change from `before` to `after` ([width, 3] each). Rows must come from 0 upwards without gaps.
  func encode(
    _ after: UnsafePointer<Float>, before: UnsafePointer<Float>, row: Int, into frame: UnsafeMutablePointer<AVFrame>
  ) {
    let a = difference, b = difference + width, c = difference + 2 * width
    switch layout.model {
    case .rgb:
      split(after, before, layout.peak)
      for (plane, change) in [a, b, c].enumerated() { add(change, frame, plane: plane, row: row, count: width) }
    case .grey:
      let scale = coding.luma(layout).span
      let kr = coding.kr, kb = coding.kb, kg = 1 - kr - kb
      for x in 0..<width {
        let red = after[3 * x] - before[3 * x], green = after[3 * x + 1] - before[3 * x + 1],
          blue = after[3 * x + 2] - before[3 * x + 2]
        a[x] = scale * (kr * red + kg * green + kb * blue)
      }
      add(a, frame, plane: 0, row: row, count: width)
    case .yCbCr:
      let lumaSpan = coding.luma(layout).span, chromaSpan = coding.chroma(layout).span
      let kr = coding.kr, kb = coding.kb, kg = 1 - kr - kb
      let ofCb = chromaSpan / (2 * (1 - kb)), ofCr = chromaSpan / (2 * (1 - kr))
      for x in 0..<width {
        let red = after[3 * x] - before[3 * x], green = after[3 * x + 1] - before[3 * x + 1],
          blue = after[3 * x + 2] - before[3 * x + 2]
        let y = kr * red + kg * green + kb * blue
        a[x] = lumaSpan * y
        b[x] = ofCb * (blue - y)
        c[x] = ofCr * (red - y)
      }
      add(a, frame, plane: 0, row: row, count: width)
      addChroma(frame, row: row)
    }
  }

  private func split(_ after: UnsafePointer<Float>, _ before: UnsafePointer<Float>, _ scale: Float) {
    let a = difference, b = difference + width, c = difference + 2 * width
    for x in 0..<width {
      a[x] = scale * (after[3 * x] - before[3 * x])
      b[x] = scale * (after[3 * x + 1] - before[3 * x + 1])
      c[x] = scale * (after[3 * x + 2] - before[3 * x + 2])
    }
  }

  /// Gathers the rows of a coarse row and writes it with the last of them.
  private func addChroma(_ frame: UnsafeMutablePointer<AVFrame>, row: Int) {
    let shift = layout.chromaShiftY
    for component in 0..<2 {
      let change = difference + (component + 1) * width
      if shift == 0 {
        addCoarse(change, frame, plane: component + 1, row: row)
        continue
      }
      let sum = sums + component * (width + 2) + 1
      let carry = carried + component * width
      let step = 1 << shift
      let phase = row & (step - 1)
      // Co-sited rows weigh ¼ ½ ¼ around row 2j; otherwise every row of the cell weighs the same.
      if coding.isCositedY, shift == 1 {
        if phase == 0 {
          let above: UnsafeMutablePointer<Float> = row == 0 ? change : carry
          for x in 0..<width { sum[x] = 0.25 * above[x] + 0.5 * change[x] }
          // Without a row below, this one stands for it.
          if row == height - 1 { for x in 0..<width { sum[x] += 0.25 * change[x] } }
        } else {
          for x in 0..<width {
            sum[x] += 0.25 * change[x]
            carry[x] = change[x]
          }
        }
      } else {
        let rows = min(step, height - (row - phase))
        let weight = 1 / Float(rows)
        if phase == 0 {
          for x in 0..<width { sum[x] = weight * change[x] }
        } else {
          for x in 0..<width { sum[x] += weight * change[x] }
        }
      }
      if phase == step - 1 || row == height - 1 { addCoarse(sum, frame, plane: component + 1, row: row >> shift) }
    }
  }

  /// Averages a row over each coarse sample and adds it to a chroma plane. Overwrites the beginning of `difference`'s luma row.
  private func addCoarse(
    _ fine: UnsafeMutablePointer<Float>, _ frame: UnsafeMutablePointer<AVFrame>, plane: Int, row: Int
  ) {
    let shift = layout.chromaShiftX
    if shift == 0 { return add(fine, frame, plane: plane, row: row, count: width) }
    let out = difference
    if shift == 1, coding.isCositedX {
      for x in 1..<max(1, width / 2) { out[x] = 0.5 * fine[2 * x] + 0.25 * (fine[2 * x - 1] + fine[2 * x + 1]) }
      out[0] = 0.75 * fine[0] + 0.25 * fine[min(1, width - 1)]
      if width & 1 == 1, width > 1 { out[chromaWidth - 1] = 0.75 * fine[width - 1] + 0.25 * fine[width - 2] }
    } else {
      let step = 1 << shift
      for x in 0..<chromaWidth {
        let first = x << shift, last = min(first + step, width)
        var sum: Float = 0
        for i in first..<last { sum += fine[i] }
        out[x] = sum / Float(last - first)
      }
    }
    add(out, frame, plane: plane, row: row, count: chromaWidth)
  }

  /// code = clamp(code + round(change)); not-a-number changes nothing.
  private func add(
    _ change: UnsafePointer<Float>, _ frame: UnsafeMutablePointer<AVFrame>, plane: Int, row: Int, count: Int
  ) {
    let start = planeRow(frame, layout.planes[plane], row)
    let peak = layout.peak
    if layout.bytesPerSample == 1 {
      for x in 0..<count {
        let value = Float(start[x]) + change[x]
        let limited = value > 0 ? (value < peak ? value : peak) : (value <= 0 ? 0 : Float(start[x]))
        start[x] = UInt8(truncatingIfNeeded: Int32(limited + 0.5))
      }
    } else {
      start.withMemoryRebound(to: UInt16.self, capacity: count) { codes in
        for x in 0..<count {
          let value = Float(codes[x]) + change[x]
          let limited = value > 0 ? (value < peak ? value : peak) : (value <= 0 ? 0 : Float(codes[x]))
          codes[x] = UInt16(truncatingIfNeeded: Int32(limited + 0.5))
        }
      }
    }
  }
}
