/// Finds where two pictures of one size differ most: the window of the given size with the largest sum of absolute
/// differences (over a summed-area table).
func mostChangedArea(_ a: RGB8, _ b: RGB8, width: Int, height: Int) -> Area {
  let stride = a.width + 1
  var sums = [Int](repeating: 0, count: stride * (a.height + 1))
  for y in 0..<a.height {
    var row = 0
    for x in 0..<a.width {
      let at = (y * a.width + x) * 3
      for channel in 0..<3 { row += abs(Int(a.bytes[at + channel]) - Int(b.bytes[at + channel])) }
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row
    }
  }
  // Equal pictures: the middle is as good as anywhere, and shows more than a corner.
  var best = Area(x: (a.width - width) / 2, y: (a.height - height) / 2, width: width, height: height)
  var most = 0
  for y in 0...(a.height - height) {
    for x in 0...(a.width - width) {
      let sum =
        sums[(y + height) * stride + x + width] - sums[y * stride + x + width] - sums[(y + height) * stride + x]
        + sums[y * stride + x]
      if sum > most { (most, best) = (sum, Area(x: x, y: y, width: width, height: height)) }
    }
  }
  return best
}
