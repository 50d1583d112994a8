import CKernels
import TestSupport
import Testing

@testable import Deblur

@Suite struct BandedConvolutionTests {
  @Test(
    arguments: [3, 5], [1, 6, 25, 61])
  func bandsGiveTheBitsOfTheWholeAndEachRowIsComputedOnce(kernel: Int, height: Int) {
    var random = SeededGenerator(seed: 3)
    let (width, inputs, outputs) = (19, 10, 12)
    let layer = Convolution(
      weight: random.floats(outputs * inputs * kernel * kernel), bias: random.floats(outputs),
      outputChannels: outputs, inputChannels: inputs, kernel: kernel)
    let x = random.tensor(height, width, inputs)
    let whole = layer(x, activation: .leakyReLU(slope: 0.1))
    // One row of tiles a band, two, and all at once.
    for bandBytes in [1, 2 * 6 * width * inputs * 4, 1 << 30] {
      var computed: [Int] = []
      let banded = layer(height: height, width: width, activation: .leakyReLU(slope: 0.1), bandBytes: bandBytes) {
        rows, view in
        for y in rows {
          (view.base + y * view.row).update(from: x.row(y), count: width * inputs)
          computed.append(y)
        }
      }
      #expect(banded.values == whole.values)
      #expect(computed == Array(0..<height))
    }
  }
}
