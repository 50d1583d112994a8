internal import CKernels

/// `second(activation(first(x))) + x`, the residual block of SRN-DeblurNet (Tao et al., CVPR 2018, section 3.2).
///
/// Large images pass through both convolutions band by band, so that what lies between them never leaves the cache and
/// never needs a tensor of its own: memory is what the narrow layers of a network wait for. The result is bit for bit
/// that of the two convolutions one after the other.
func residualPair(_ x: Tensor, _ first: Convolution, _ second: Convolution, activation: Activation) -> Tensor {
  residualPair(x, first, second, activation: activation, bandBytes: 4 << 20)
}

/// `bandBytes`: about what a band may take of the cache.
func residualPair(
  _ x: Tensor, _ first: Convolution, _ second: Convolution, activation: Activation, bandBytes: Int
) -> Tensor {
  let width = first.geometry.outputChannels
  guard let a = first.winograd, let b = second.winograd, a.kernel == b.kernel, let slope = activation.slope,
    x.height * x.width * width * MemoryLayout<Float>.stride > bandBytes
  else { return second(first(x, activation: activation), adding: x) }

  let out = Tensor(x.height, x.width, second.geometry.outputChannels)
  precondition(x.shape == out.shape, "a residual block from \(x.shape) to \(out.shape)")
  let (tile, halo) = (a.tile, a.kernel / 2)
  let tileRows = (x.height + tile - 1) / tile
  let rowBytes = x.width * width * MemoryLayout<Float>.stride
  let band = max(1, bandBytes / (rowBytes * tile) - 1)  // tile rows of the second convolution

  // The first convolution is one row of tiles ahead: the second reads `halo` rows beyond its band.
  let between = Tensor((band + 1) * tile + halo, x.width, width)
  let carried = tile + halo  // rows that the next band needs again
  var ahead = 0
  for start in stride(from: 0, to: tileRows, by: band) {
    let end = min(start + band, tileRows)
    if start > 0 { between.data.update(from: between.row(band * tile), count: carried * x.width * width) }
    // Rows are numbered as in the image; the band holds those from `origin` on.
    let origin = start * tile - halo
    var window = between.view
    window.base -= origin * window.row
    window.height = Int32(x.height)
    let upTo = min(end + 1, tileRows)
    a([Winograd.Plane(inputs: [x.view], outputs: [window], residuals: [])], slope: slope, tileRows: ahead..<upTo)
    ahead = upTo
    b([Winograd.Plane(inputs: [window], outputs: [out.view], residuals: [x.view])], slope: 1, tileRows: start..<end)
  }
  return out
}
