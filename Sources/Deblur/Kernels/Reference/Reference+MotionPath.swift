extension Reference {
  /// `scale · (brightness(p + τₖ m) − brightness(p))`, m = (toNext − toPrevious) / 2, τₖ = ±k/(2·count), backward and farthest first;
  /// then the same with toPrevious + toNext for m and ±k/(16·bend) for τₖ; space to depth.
  static func motionPath(
    _ image: Tensor, toPrevious: Tensor, toNext: Tensor, count: Int, bend: Int, factor: Int, scale: Float
  ) -> Tensor {
    let (height, width) = (image.height, image.width)
    let brightness = Tensor(height, width, 1)
    let samples = Tensor(height, width, 2 * count + 2 * bend)
    let flow = Tensor(height, width, 2)
    for y in 0..<height {
      for x in 0..<width {
        let sum = (0..<image.channels).reduce(0.0) { $0 + Double(image[y, x, $1]) }
        brightness[y, x, 0] = Float(sum / Double(image.channels))
      }
    }
    func shares(_ n: Int, of whole: Int) -> [Float] { (-n...n).filter { $0 != 0 }.map { Float($0) / Float(whole * n) } }
    let moves = shares(count, of: 2).map { ($0 / 2, -$0 / 2) } + shares(bend, of: 16).map { ($0, $0) }
    for (index, (next, previous)) in moves.enumerated() {
      for y in 0..<height {
        for x in 0..<width {
          for c in 0..<2 { flow[y, x, c] = next * toNext[y, x, c] + previous * toPrevious[y, x, c] }
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
