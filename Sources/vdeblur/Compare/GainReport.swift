import Deblur

/// Two clips against one reference: what the second gains over the first, and what it made worse.
struct GainReport: Encodable {
  let before: Comparison
  let after: Comparison
  /// dB of the mean PSNR, and of the mean SSIM.
  let gainPSNR: Double
  let gainSSIM: Double
  let harm: Patches

  struct Patches: Encodable {
    /// Harmed patches among all, 0…1.
    let share: Double
    /// Grey levels.
    let largestGrowth: Double
    let patches: Int
  }

  init(before: Comparison, after: Comparison, harm: Harm) {
    (self.before, self.after) = (before, after)
    gainPSNR = after.meanPSNR - before.meanPSNR
    gainSSIM = after.meanSSIM - before.meanSSIM
    self.harm = Patches(share: harm.share, largestGrowth: harm.largestGrowth, patches: harm.patches)
  }

  var text: String {
    let (x, y) = (before, after)
    let overall = y.overallPSNR - x.overallPSNR
    return """
      \(x.first.printable): \(x.width)x\(x.height), \(counted(x.frames.count, "frame"))
      \(table([
        ["", "before", "after", "gain"],
        ["PSNR, mean", decibels(x.meanPSNR), decibels(y.meanPSNR), signed(gainPSNR, 2)],
        ["PSNR, overall", decibels(x.overallPSNR), decibels(y.overallPSNR), signed(overall, 2)],
        ["SSIM, mean", fixed(x.meanSSIM, 4), fixed(y.meanSSIM, 4), signed(gainSSIM, 4)],
      ], rightAligned: [1, 2, 3]))\
      before: \(x.second.printable)
      after:  \(y.second.printable)
      harm:   \(fixed(100 * harm.share, 2)) % of the patches, the largest by \(fixed(harm.largestGrowth, 1)) grey levels
      \(Comparison.protocolNote)

      """
  }

  var csv: String {
    zip(before.frames, after.frames).reduce(into: "frame,time,psnr_before,psnr_after,ssim_before,ssim_after\n") {
      let (x, y) = $1
      $0 += "\(x.frame),\(fixed(x.time, 6)),\(fixed(x.psnr, 4)),\(fixed(y.psnr, 4)),"
      $0 += "\(fixed(x.ssim, 6)),\(fixed(y.ssim, 6))\n"
    }
  }

  private func decibels(_ value: Double) -> String { "\(fixed(value, 2)) dB" }
  private func signed(_ value: Double, _ digits: Int) -> String {
    value.isNaN ? "0" : (value < 0 ? "" : "+") + fixed(value, digits)
  }
}
