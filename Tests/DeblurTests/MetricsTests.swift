import Testing

@testable import Deblur

@Suite struct MetricsTests {
  /// Pictures of formulas, so that any program can make the same ones:
  /// a = (7x + 13y + 29c + 5·(xy mod 11)) mod 256,  b = ⌊3a/4⌋ + (3x + 5y + 2c) mod 37.
  static func pictures(_ height: Int, _ width: Int) -> (a: [UInt8], b: [UInt8]) {
    var (a, b): ([UInt8], [UInt8]) = ([], [])
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          let value = (7 * x + 13 * y + 29 * c + x * y % 11 * 5) % 256
          a.append(UInt8(value))
          b.append(UInt8(value * 3 / 4 + (3 * x + 5 * y + 2 * c) % 37))
        }
      }
    }
    return (a, b)
  }

  static func score(_ a: [UInt8], _ b: [UInt8], _ height: Int, _ width: Int) -> (psnr: Double, ssim: Double) {
    let (x, y) = (RGBImage(height: height, width: width, bytes: a), RGBImage(height: height, width: width, bytes: b))
    return (PSNR.between(x, y), SSIM.between(x, y))
  }

  /// Reference: training/metrics.py (float64 NumPy and OpenCV).
  @Test(
    arguments: [
      (24, 31, 19.86005658195968, 0.9003107536314094), (11, 11, 19.924175989594502, 0.8068364042914439),
      (40, 12, 19.9250629001719, 0.9064098043129418),
    ])
  func figuresAreThoseOfTheTrainingProgram(height: Int, width: Int, psnr: Double, ssim: Double) {
    let pictures = Self.pictures(height, width)
    let score = Self.score(pictures.a, pictures.b, height, width)
    #expect(abs(score.psnr - psnr) < 1e-9)
    #expect(abs(score.ssim - ssim) < 1e-9)
  }

  @Test func identicalPictures() {
    let a = Self.pictures(13, 17).a
    let score = Self.score(a, a, 13, 17)
    #expect(score.psnr == .infinity)
    #expect(abs(score.ssim - 1) < 1e-9)
  }

  /// PSNR 20·log₁₀(255/d), and flat pictures the SSIM of their means.
  @Test(
    arguments: [1, 10, 255])
  func aConstantDifferenceHasAKnownPSNRAndSSIM(difference: Int) {
    let (a, b) = ([UInt8](repeating: 0, count: 15 * 12 * 3), [UInt8](repeating: UInt8(difference), count: 15 * 12 * 3))
    let score = Self.score(a, b, 15, 12)
    let psnr = [1: 48.1308036086791, 10: 28.1308036086791, 255: 0][difference]!
    #expect(abs(score.psnr - psnr) < 1e-9)
    let c1 = 6.5025
    #expect(abs(score.ssim - c1 / (Double(difference * difference) + c1)) < 1e-9)
  }

  @Test(arguments: [(1, 1), (4, 30), (2, 2), (10, 10)])
  func picturesSmallerThanTheWindowGetASmallerOne(height: Int, width: Int) {
    let pictures = Self.pictures(height, width)
    #expect(abs(Self.score(pictures.a, pictures.a, height, width).ssim - 1) < 1e-9)
    #expect(Self.score(pictures.a, pictures.b, height, width).ssim < 0.9999)
  }
}
