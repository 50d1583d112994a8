import Deblur
import Logging
import VideoIO

/// Measures a clip against another, frame by frame in display order.
///
/// Holds one picture of each at a time; the scores are all that grows with the length.
struct ClipComparison {
  /// What the user should know about the result: clips of different length, frames at different times.
  private(set) var warnings: [String] = []
  let comparison: Comparison

  init(_ first: String, _ second: String, display: (any ProgressDisplay)?, log: Logger) throws {
    let a = try Source(path: first, segment: nil) { log.warning("\($0)") }
    let b = try Source(path: second, segment: nil) { log.warning("\($0)") }
    let (width, height) = (a.firstFrame.width, a.firstFrame.height)
    guard b.firstFrame.width == width, b.firstFrame.height == height else {
      throw Failure(
        .input,
        "\(second): \(b.firstFrame.width)x\(b.firstFrame.height) pixels, but \(first) has \(width)x\(height): "
          + "scale one of them first")
    }
    let progress = Progress(expectedFrames: a.info.estimatedFrames, display: display, report: nil)
    var scores: [FrameScore] = []
    var (uneven, lengths) = (0, 0)
    let (firstA, firstB) = (a.firstFrame.time, b.firstFrame.time)
    while true {
      let (frameA, frameB) = (try a.nextFrame(), try b.nextFrame())
      guard let frameA, let frameB else {
        if let rest = frameA != nil ? a : frameB != nil ? b : nil {
          lengths = 1
          while try rest.nextFrame() != nil { lengths += 1 }
          warnings.append("\(rest.info.path): \(lengths) more frames than the other clip; they are left out")
        }
        break
      }
      let (imageA, imageB) = (try a.tensors.image(of: frameA), try b.tensors.image(of: frameB))
      scores.append(
        imageA.withRGBImage { x in
          imageB.withRGBImage { y in
            FrameScore(
              frame: scores.count, time: frameA.time, psnr: PSNR.between(x, y), ssim: SSIM.between(x, y))
          }
        })
      // Half a frame at 60 per second: more is another moment of the scene, and no fair comparison.
      if abs((frameA.time - firstA) - (frameB.time - firstB)) > 1.0 / 120 { uneven += 1 }
      try progress.wroteFrame(time: frameA.time, duration: 0, bytes: 0)
    }
    try progress.finish(bytes: 0)
    if uneven > 0 {
      warnings.append("\(uneven) frames have different times in the two clips; frames are paired by their order")
    }
    comparison = Comparison(first: first, second: second, width: width, height: height, frames: scores)
  }
}

extension RGB8 {
  func withRGBImage<Result>(_ body: (RGBImage) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(RGBImage(height: height, width: width, bytes: $0)) }
  }
}
