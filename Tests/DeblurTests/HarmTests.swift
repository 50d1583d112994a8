import Testing

@testable import Deblur

/// The figures of training/metrics.py for the same pictures.
@Suite struct HarmTests {
  private func harm(_ before: [UInt8], _ after: [UInt8], _ sharp: [UInt8], height: Int, width: Int) -> Harm {
    var harm = Harm()
    let image = { (bytes: [UInt8]) in RGBImage(height: height, width: width, bytes: bytes) }
    harm.add(before: image(before), after: image(after), sharp: image(sharp))
    return harm
  }

  @Test func countsPatchesThatGotWorse() {
    // 70×40: two whole patches; the columns and rows beyond them are left out.
    let (height, width) = (40, 70)
    let sharp = [UInt8](repeating: 100, count: height * width * 3)
    func picture(_ left: UInt8, _ right: UInt8, rest: UInt8 = 100) -> [UInt8] {
      (0..<height * width * 3).map { index in
        let (y, x) = (index / 3 / width, index / 3 % width)
        return y >= 32 || x >= 64 ? rest : x < 32 ? left : right
      }
    }
    // From an error of 4² to one of 6²: more than half, and by 20. From 10² to 11²: by 21, but not by half.
    var result = harm(picture(104, 110), picture(106, 111), sharp, height: height, width: width)
    #expect(result.patches == 2 && result.harmed == 1 && result.share == 0.5)
    #expect(abs(result.largestGrowth - 21.0.squareRoot()) < 1e-12)
    // By exactly 16 is not more than 16.
    result = harm(picture(100, 100), picture(104, 100, rest: 200), sharp, height: height, width: width)
    #expect(result.harmed == 0 && result.largestGrowth == 4)
    result = harm(picture(110, 120), picture(100, 110), sharp, height: height, width: width)
    #expect(result.harmed == 0 && result.largestGrowth == 0)
  }
}
