extension Reference {
  /// `scale · (brightness(p + τₖ m) − brightness(p))`, m = (toNext − toPrevious) / 2, τₖ = ±k/(2·count), backward and farthest first; space to depth.
  static func motionPath(
    _ image: Tensor, toPrevious: Tensor, toNext: Tensor, count: Int, factor: Int, scale: Float
  ) -> Tensor {
    let (height, width) = (image.height, image.width)
    let brightness = Tensor(height, width, 1)
    let samples = Tensor(height, width, 2 * count)
    let flow = Tensor(height, width, 2)
    for y in 0..<height {
      for x in 0..<width {
        let sum = (0..<image.channels).reduce(0.0) { $0 + Double(image[y, x, $1]) }
        brightness[y, x, 0] = Float(sum / Double(image.channels))
      }
    }
    for (index, k) in (-count...count).filter({ $0 != 0 }).enumerated() {
      for y in 0..<height {
        for x in 0..<width {
          for c in 0..<2 { flow[y, x, c] = Float(k) / Float(2 * count) * (toNext[y, x, c] - toPrevious[y, x, c]) / 2 }
        }
      }
      let moved = warp(brightness, by: flow)
      for y in 0..<height {
        for x in 0..<width { samples[y, x, index] = scale * (moved[y, x, 0] - brightness[y, x, 0]) }
      }
    }
    return pixelUnshuffle(samples, factor: factor, offset: 0)
  }
}
