import Deblur

/// What the full run will cost, from what was measured on a part of it.
struct RunEstimate: CustomStringConvertible {
  let secondsPerFrame: Double
  /// Frames of the whole clip, where it tells.
  let frames: Int?
  /// Most memory in use at a time.
  let bytes: Int

  var seconds: Double? { frames.map { Double($0) * secondsPerFrame } }

  var description: String {
    let memory = "about \(byteCount(bytes)) of memory"
    guard secondsPerFrame > 0 else { return "pictures are only copied, \(memory)" }
    let pace = "\(fixed(1 / max(secondsPerFrame, 1e-6), 2)) fps"
    guard let frames, let seconds else { return "\(pace), \(memory); the clip does not tell its length" }
    return "about \(span(seconds)) for \(counted(frames, "frame")) at \(pace), \(memory)"
  }
}

/// Seconds that the networks take for a frame of the clip, measured on a small picture; 0 when pictures are only
/// copied.
func calibratedPace(_ deblurrer: Deblurrer?, of source: Source) throws -> Double {
  let pixels = source.firstFrame.width * source.firstFrame.height
  return try deblurrer.map { try secondsPerPixel(of: $0) * Double(pixels) } ?? 0
}
