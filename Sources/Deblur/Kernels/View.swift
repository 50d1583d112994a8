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
  /// Some of the channels.
  func channels(_ range: Range<Int>) -> vdk_view {
    var result = self
    result.base += range.lowerBound
    result.channels = Int32(range.count)
    return result
  }

  /// The view whose row `first` is this one's row 0: of an image of which only some rows are there.
  func startingAt(row first: Int32) -> vdk_view {
    var result = self
    result.base -= Int(first) * row
    return result
  }

  /// No tensor.
  static var none: vdk_view { vdk_view() }
}
