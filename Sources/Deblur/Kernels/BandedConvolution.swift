internal import CKernels

extension Convolution {
  /// `activation(conv(x) + bias)` on an `x` that is computed meanwhile, band by band: what is written by one and read by the
  /// other stays in the cache, and `x`, `[height, width, I]`, needs no tensor of its own. The result is bit for bit that of
  /// the convolution of the whole.
  ///
  /// - Parameter compute: fills some rows of the view, which is numbered as the whole image but holds only those.
  func callAsFunction(
    height: Int, width: Int, activation: Activation, bandBytes: Int = 4 << 20,
    _ compute: (Range<Int>, vdk_view) -> Void
  ) -> Tensor {
    let channels = geometry.inputChannels
    let rowBytes = width * channels * MemoryLayout<Float>.stride
    guard let winograd, let slope = activation.slope, height * rowBytes > bandBytes else {
      let x = Tensor(height, width, channels)
      compute(0..<height, x.view)
      return self(x, activation: activation)
    }
    let (tile, halo) = (winograd.tile, geometry.padding)
    let tileRows = (height + tile - 1) / tile
    let band = max(1, bandBytes / (rowBytes * tile))  // tile rows
    let out = Tensor(height, width, geometry.outputChannels)
    let rows = Tensor(band * tile + 2 * halo, width, channels)
    var known = 0
    for start in stride(from: 0, to: tileRows, by: band) {
      // The last rows of the band before are the first of this one.
      if start > 0 { rows.data.update(from: rows.row(band * tile), count: 2 * halo * width * channels) }
      let end = min(start + band, tileRows)
      var window = rows.view.startingAt(row: Int32(start * tile - halo))
      window.height = Int32(height)
      let upTo = min(height, end * tile + halo)
      compute(known..<upTo, window)
      known = upTo
      winograd(
        [Winograd.Plane(inputs: [window], outputs: [out.view], residuals: [])], slope: slope, tileRows: start..<end)
    }
    return out
  }
}
