import Deblur

/// How fast a network is here and now: it restores one small picture; time grows in proportion to the pixels.
func secondsPerPixel(of deblurrer: Deblurrer) throws -> Double {
  let (height, width) = (192, 256)
  func restoreOne() throws { try deblurrer.rehearse(Tensor(height, width, 3, filledWith: 0.5)) }
  try restoreOne()  // touches fresh memory, which a long run does only once
  // The fastest of three: what else the machine does just then is no property of the clip.
  let times = try (0..<3).map { _ in try ContinuousClock().measure(restoreOne) }
  return times.min()! / .seconds(1) / Double(height * width)
}
