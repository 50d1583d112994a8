/// Reflection (edge not repeated) to the right and below, up to `height × width`; a side of 1 is replicated.
///
/// Where the pad is longer than the side the reflection repeats: 0 1 … n-1 n-2 … 1 0 1 …
func reflectPad(_ x: Tensor, height: Int, width: Int) -> Tensor {
  precondition(height >= x.height && width >= x.width, "\(x.shape) padded to \(height) × \(width)")
  if height == x.height, width == x.width { return x }
  let out = Tensor(height, width, x.channels)
  Parallel.for(height) { y in
    let (source, target) = (x.row(reflected(y, x.height)), out.row(y))
    target.update(from: source, count: x.width * x.channels)
    for column in x.width..<width {
      (target + column * x.channels).update(
        from: source + reflected(column, x.width) * x.channels, count: x.channels)
    }
  }
  return out
}

/// The top left `height × width` pixels.
func crop(_ x: Tensor, height: Int, width: Int) -> Tensor {
  precondition(height <= x.height && width <= x.width, "\(x.shape) cropped to \(height) × \(width)")
  if height == x.height, width == x.width { return x }
  let out = Tensor(height, width, x.channels)
  Parallel.for(height) { out.row($0).update(from: x.row($0), count: width * x.channels) }
  return out
}

private func reflected(_ i: Int, _ side: Int) -> Int {
  guard side > 1 else { return 0 }
  let phase = i % (2 * (side - 1))
  return phase < side ? phase : 2 * (side - 1) - phase
}
