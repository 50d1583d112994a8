internal import CFFmpeg

/// Turns one row of a planar frame into R'G'B' floats in [0, 1], interleaved.
///
/// Chroma is interpolated linearly at its true place. Every row is computed from the frame alone, so rows may be asked for in any order.
final class RowDecoder {
  let layout: PixelLayout
  let coding: ColourCoding
  let width: Int
  let height: Int
  let chromaWidth: Int
  let chromaHeight: Int
  private let luma: UnsafeMutablePointer<Float>  // [3, width]: Y or R; Cb or G; Cr or B
  private let coarse: UnsafeMutablePointer<Float>  // [chromaWidth + 2]: one chroma row with its edges repeated

  init(layout: PixelLayout, coding: ColourCoding, width: Int, height: Int) {
    self.layout = layout
    self.coding = coding
    self.width = width
    self.height = height
    chromaWidth = (width + (1 << layout.chromaShiftX) - 1) >> layout.chromaShiftX
    chromaHeight = (height + (1 << layout.chromaShiftY) - 1) >> layout.chromaShiftY
    luma = .allocate(capacity: 3 * width)
    coarse = .allocate(capacity: chromaWidth + 2)
  }

  deinit {
    luma.deallocate()
    coarse.deallocate()
  }

  /// - Parameters:
  ///   - frame: planar, of this decoder's layout and size.
  ///   - rgb: [width, 3], overwritten.
  func decode(_ frame: UnsafePointer<AVFrame>, row: Int, into rgb: UnsafeMutablePointer<Float>) {
    let a = luma, b = luma + width, c = luma + 2 * width
    switch layout.model {
    case .rgb:
      let scale = 1 / layout.peak
      load(frame, plane: 0, row: row, count: width, into: a, scale: scale, offset: 0)
      load(frame, plane: 1, row: row, count: width, into: b, scale: scale, offset: 0)
      load(frame, plane: 2, row: row, count: width, into: c, scale: scale, offset: 0)
      for x in 0..<width {
        rgb[3 * x] = a[x]
        rgb[3 * x + 1] = b[x]
        rgb[3 * x + 2] = c[x]
      }
    case .grey:
      let (black, span) = coding.luma(layout)
      load(frame, plane: 0, row: row, count: width, into: a, scale: 1 / span, offset: -black / span)
      for x in 0..<width {
        let v = clampUnit(a[x])
        rgb[3 * x] = v
        rgb[3 * x + 1] = v
        rgb[3 * x + 2] = v
      }
    case .yCbCr:
      let (black, span) = coding.luma(layout)
      load(frame, plane: 0, row: row, count: width, into: a, scale: 1 / span, offset: -black / span)
      loadChroma(frame, plane: 1, row: row, into: b)
      loadChroma(frame, plane: 2, row: row, into: c)
      let kr = coding.kr, kb = coding.kb, kg = 1 - kr - kb
      let redOfCr = 2 * (1 - kr), blueOfCb = 2 * (1 - kb)
      let greenOfCb = -blueOfCb * kb / kg, greenOfCr = -redOfCr * kr / kg
      for x in 0..<width {
        let y = a[x], cb = b[x], cr = c[x]
        rgb[3 * x] = clampUnit(y + redOfCr * cr)
        rgb[3 * x + 1] = clampUnit(y + (greenOfCb * cb + greenOfCr * cr))
        rgb[3 * x + 2] = clampUnit(y + blueOfCb * cb)
      }
    }
  }

  /// One row of a plane as `code · scale + offset`.
  private func load(
    _ frame: UnsafePointer<AVFrame>, plane: Int, row: Int, count: Int, into out: UnsafeMutablePointer<Float>,
    scale: Float, offset: Float
  ) {
    let start = planeRow(frame, layout.planes[plane], row)
    if layout.bytesPerSample == 1 {
      let codes = UnsafePointer(start)
      for x in 0..<count { out[x] = Float(codes[x]) * scale + offset }
    } else {
      start.withMemoryRebound(to: UInt16.self, capacity: count) { codes in
        for x in 0..<count { out[x] = Float(codes[x]) * scale + offset }
      }
    }
  }

  /// One luma row's worth of chroma, interpolated from the coarser plane.
  private func loadChroma(_ frame: UnsafePointer<AVFrame>, plane: Int, row: Int, into out: UnsafeMutablePointer<Float>)
  {
    let (middle, span) = coding.chroma(layout)
    let shiftX = layout.chromaShiftX
    let target = shiftX == 0 ? out : coarse + 1
    let (near, far, weight) = coding.chromaRows(of: row, shift: layout.chromaShiftY, count: chromaHeight)
    load(frame, plane: plane, row: near, count: chromaWidth, into: target, scale: 1 / span, offset: -middle / span)
    if weight > 0, far != near {
      blend(frame, plane: plane, row: far, into: target, weight: weight, middle: middle, span: span)
    }
    if shiftX == 0 { return }
    coarse[0] = coarse[1]
    coarse[chromaWidth + 1] = coarse[chromaWidth]
    let c = coarse + 1
    if shiftX == 1, coding.isCositedX {
      for x in 0..<(width / 2) {
        out[2 * x] = c[x]
        out[2 * x + 1] = 0.5 * (c[x] + c[x + 1])
      }
      if width & 1 == 1 { out[width - 1] = c[chromaWidth - 1] }
    } else if shiftX == 1 {
      for x in 0..<(width / 2) {
        out[2 * x] = 0.75 * c[x] + 0.25 * c[x - 1]
        out[2 * x + 1] = 0.75 * c[x] + 0.25 * c[x + 1]
      }
      if width & 1 == 1 { out[width - 1] = 0.75 * c[chromaWidth - 1] + 0.25 * c[chromaWidth - 2] }
    } else {
      let factor = Float(1 << shiftX)
      for x in 0..<width {
        let place = coding.isCositedX ? Float(x) / factor : (Float(x) + 0.5) / factor - 0.5
        let left = Int(place.rounded(.down))
        let t = place - Float(left)
        out[x] = (1 - t) * c[max(left, -1)] + t * c[min(left + 1, chromaWidth)]
      }
    }
  }

  /// out = (1 − weight) · out + weight · row.
  private func blend(
    _ frame: UnsafePointer<AVFrame>, plane: Int, row: Int, into out: UnsafeMutablePointer<Float>, weight: Float,
    middle: Float, span: Float
  ) {
    let start = planeRow(frame, layout.planes[plane], row)
    let keep = 1 - weight, scale = weight / span, offset = -weight * middle / span
    if layout.bytesPerSample == 1 {
      let codes = UnsafePointer(start)
      for x in 0..<chromaWidth { out[x] = keep * out[x] + (Float(codes[x]) * scale + offset) }
    } else {
      start.withMemoryRebound(to: UInt16.self, capacity: chromaWidth) { codes in
        for x in 0..<chromaWidth { out[x] = keep * out[x] + (Float(codes[x]) * scale + offset) }
      }
    }
  }
}

/// `value` in [0, 1]; not-a-number becomes 0.
@inline(__always)
func clampUnit(_ value: Float) -> Float { value > 0 ? (value < 1 ? value : 1) : 0 }
