import Deblur
import Glibc
import VideoIO

/// What the full run will cost, from what was measured on a part of it.
struct RunEstimate: CustomStringConvertible {
  let secondsPerFrame: Double
  /// Frames of the whole clip, where it tells.
  let frames: Int?
  /// Most memory in use at a time. It does not grow with the clip's length, so the part's peak is the whole's.
  let bytes: Int

  var seconds: Double? { frames.map { Double($0) * secondsPerFrame } }

  /// From a network's cost and the size of the clip's frames.
  /// - Parameter deblurrer: nil when pictures are only copied.
  init(_ deblurrer: Deblurrer?, frame: Frame, frames: Int?) throws {
    let pixels = frame.width * frame.height
    // Six pictures in the two queues and in the stages' hands, [H, W, 3] floats each; in the codecs about 80 frames of
    // 4:2:0, most of them x264's lookahead.
    let inFlight = 6 * 12 + 80 * 3 / 2
    secondsPerFrame = try deblurrer.map { try secondsPerPixel(of: $0) * Double(pixels) } ?? 0
    bytes =
      peakResidentBytes() + inFlight * pixels
      + (deblurrer?.model.config.peakBytes(height: frame.height, width: frame.width) ?? 0)
    self.frames = frames
  }

  init(secondsPerFrame: Double, frames: Int?, bytes: Int) {
    (self.secondsPerFrame, self.frames, self.bytes) = (secondsPerFrame, frames, bytes)
  }

  var description: String {
    guard secondsPerFrame > 0 else { return "pictures are only copied, about \(byteCount(bytes)) of memory" }
    let pace = "\(fixed(1 / max(secondsPerFrame, 1e-6), 2)) fps"
    let memory = "about \(byteCount(bytes)) of memory"
    guard let frames, let seconds else { return "\(pace), \(memory); the clip does not tell its length" }
    return "about \(span(seconds)) for \(grouped(frames)) frames at \(pace), \(memory)"
  }
}

/// The largest amount of physical memory that this process has used so far (getrusage).
func peakResidentBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}
