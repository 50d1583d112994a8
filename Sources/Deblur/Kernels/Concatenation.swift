/// Channels of `parts` one behind the other. Result: `[H, W, ΣC]`. Convolutions take parts as they are.
func concatenate(_ parts: [Tensor]) -> Tensor {
  if parts.count == 1 { return parts[0] }
  let (height, width) = (parts[0].height, parts[0].width)
  precondition(
    parts.allSatisfy { $0.height == height && $0.width == width }, "concatenation of \(parts.map(\.shape))")
  let out = Tensor(height, width, parts.reduce(0) { $0 + $1.channels })
  Parallel.for(height) { y in
    var first = out.row(y)
    for part in parts {
      let (source, channels) = (part.row(y), part.channels)
      for x in 0..<width { (first + x * out.channels).update(from: source + x * channels, count: channels) }
      first += channels
    }
  }
  return out
}
