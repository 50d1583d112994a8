/// How alike one frame of two clips is.
struct FrameScore: Codable, Sendable {
  let frame: Int
  /// Seconds, of the first clip.
  let time: Double
  /// dB over all RGB samples; infinite for equal pictures.
  let psnr: Double
  let ssim: Double
}

/// Two clips, frame by frame and in sum: RGB in 8 bits, every frame, no crop, no alignment.
struct Comparison: Codable, Sendable {
  let first: String
  let second: String
  let width: Int
  let height: Int
  let frames: [FrameScore]
  /// Mean over the frames of each frame's PSNR: the figure of papers. Equal frames count as 100 dB.
  let meanPSNR: Double
  /// PSNR of the mean squared error over the whole clip, which ffmpeg's `psnr` filter calls average.
  let overallPSNR: Double
  let meanSSIM: Double

  init(first: String, second: String, width: Int, height: Int, frames: [FrameScore]) {
    precondition(!frames.isEmpty, "a comparison without frames")
    (self.first, self.second, self.width, self.height, self.frames) = (first, second, width, height, frames)
    let count = Double(frames.count)
    meanPSNR = frames.reduce(0) { $0 + min($1.psnr, Self.equalPSNR) } / count
    overallPSNR = psnr(meanSquaredError: frames.reduce(0) { $0 + meanSquaredError(psnr: $1.psnr) } / count)
    meanSSIM = frames.reduce(0) { $0 + $1.ssim } / count
  }

  /// What an infinite PSNR counts in a mean.
  static let equalPSNR = 100.0

  var csv: String {
    frames.reduce(into: "frame,time,psnr,ssim\n") { text, score in
      text += "\(score.frame),\(fixed(score.time, 6)),\(fixed(score.psnr, 4)),\(fixed(score.ssim, 6))\n"
    }
  }

  /// What is meant by the figures; stands wherever they are printed.
  static let protocolNote = "RGB 8 bit, every frame, no crop; SSIM: Gaussian 11x11, sigma 1.5, channel mean"
}
