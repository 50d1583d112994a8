import Foundation

/// Peak signal-to-noise ratio in dB over all samples of an 8-bit RGB image: 10·log₁₀(255² / mean squared error).
///
/// Protocol: every frame, no crop, no alignment; a clip's figure is the mean over its frames.
public enum PSNR {
  /// - Returns: dB; infinity for identical images.
  /// - Precondition: both images have the same size.
  public static func between(_ a: RGBImage, _ b: RGBImage) -> Double {
    precondition(a.height == b.height && a.width == b.width, "images of two sizes")
    var total = 0
    for index in a.bytes.indices {
      let difference = Int(a.bytes[index]) - Int(b.bytes[index])
      total += difference * difference
    }
    return total == 0 ? .infinity : 10 * log10(255 * 255 * Double(a.bytes.count) / Double(total))
  }
}
