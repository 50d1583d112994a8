internal import CKernels

extension Tensor {
  /// All pixels.
  var view: vdk_view { subgrid(top: 0, left: 0, step: 1) }

  /// The pixels of every `step`-th row and column, from row `top` and column `left` on.
  func subgrid(top: Int, left: Int, step: Int) -> vdk_view {
    vdk_view(
      base: data + (top * width + left) * channels, row: step * width * channels, pixel: step * channels,
      height: Int32((height - top + step - 1) / step), width: Int32((width - left + step - 1) / step),
      channels: Int32(channels))
  }
}

extension vdk_view {
  /// No tensor.
  static var none: vdk_view { vdk_view() }
}
