import TestSupport
import Testing

@testable import Deblur

/// Fast convolutions against plain loops in double, on random numbers.
@Suite struct ConvolutionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var height: Int
    var width: Int
    var inputs: [Int]  // channels of the parts
    var outputs: Int
    var kernel: Int
    var stride = 1
    var dilation = 1
    var testDescription: String {
      "\(height)×\(width), \(inputs) → \(outputs), \(kernel)×\(kernel), stride \(stride), dilation \(dilation)"
    }
  }

  @Test(arguments: [
    Case(height: 1, width: 1, inputs: [1], outputs: 1, kernel: 3),
    Case(height: 1, width: 23, inputs: [3], outputs: 5, kernel: 3),
    Case(height: 13, width: 1, inputs: [17], outputs: 2, kernel: 3),
    Case(height: 14, width: 19, inputs: [24], outputs: 33, kernel: 3),
    Case(height: 25, width: 31, inputs: [16], outputs: 16, kernel: 3),
    Case(height: 9, width: 11, inputs: [7, 16, 2, 2], outputs: 24, kernel: 3),
    Case(height: 1, width: 1, inputs: [2], outputs: 3, kernel: 5),
    Case(height: 9, width: 7, inputs: [3], outputs: 8, kernel: 5),
    Case(height: 13, width: 22, inputs: [20], outputs: 37, kernel: 5),
    Case(height: 17, width: 16, inputs: [32], outputs: 3, kernel: 5),
    Case(height: 11, width: 10, inputs: [9, 4], outputs: 12, kernel: 5),
  ])
  func winograd(_ c: Case) { check(c) }

  @Test(arguments: [
    Case(height: 19, width: 13, inputs: [9], outputs: 10, kernel: 3, dilation: 2),
    Case(height: 3, width: 30, inputs: [16], outputs: 16, kernel: 3, dilation: 4),
    Case(height: 17, width: 18, inputs: [5, 2], outputs: 7, kernel: 3, dilation: 16),
    Case(height: 11, width: 9, inputs: [4], outputs: 4, kernel: 5, dilation: 2),
  ])
  func dilated(_ c: Case) { check(c) }

  @Test(arguments: [
    Case(height: 1, width: 1, inputs: [3], outputs: 4, kernel: 3, stride: 2),
    Case(height: 15, width: 12, inputs: [12], outputs: 16, kernel: 3, stride: 2),
    Case(height: 22, width: 21, inputs: [3], outputs: 33, kernel: 3, stride: 2),
    Case(height: 1, width: 2, inputs: [3], outputs: 4, kernel: 5, stride: 2),
    Case(height: 19, width: 23, inputs: [11], outputs: 18, kernel: 5, stride: 2),
    Case(height: 24, width: 26, inputs: [8, 5], outputs: 16, kernel: 5, stride: 2),
  ])
  func strided(_ c: Case) { check(c) }

  @Test(arguments: [
    Case(height: 1, width: 1, inputs: [5], outputs: 3, kernel: 1),
    Case(height: 6, width: 7, inputs: [48], outputs: 24, kernel: 1),
    Case(height: 13, width: 17, inputs: [19, 6], outputs: 41, kernel: 1),
    Case(height: 13, width: 11, inputs: [2], outputs: 1, kernel: 7),
    Case(height: 3, width: 2, inputs: [2], outputs: 1, kernel: 7),
    Case(height: 12, width: 9, inputs: [3], outputs: 5, kernel: 7, stride: 2, dilation: 2),
  ])
  func direct(_ c: Case) { check(c) }

  /// Shapes nobody chose.
  @Test(arguments: UInt64(1)...24)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func side() -> Int { Int.random(in: 1...20, using: &generator) }
    check(
      Case(
        height: side(), width: side(),
        inputs: (0..<Int.random(in: 1...3, using: &generator)).map { _ in Int.random(in: 1...21, using: &generator) },
        outputs: Int.random(in: 1...40, using: &generator), kernel: [1, 3, 5, 7].randomElement(using: &generator)!,
        stride: Int.random(in: 1...2, using: &generator), dilation: Int.random(in: 1...3, using: &generator)),
      seed: seed)
  }

  @Test(arguments: [
    (1, 1, [3], 2), (7, 13, [16], 24), (9, 6, [5, 12], 3), (12, 14, [33], 16),
  ])
  func transposed(height: Int, width: Int, inputs: [Int], outputs: Int) {
    var generator = SeededGenerator(seed: UInt64(height * width))
    let total = inputs.reduce(0, +)
    let parts = inputs.map { generator.tensor(height, width, $0) }
    let weight = generator.floats(total * outputs * 16), bias = generator.floats(outputs)
    for (activation, skipped) in [(Activation.none, false), (.leakyReLU(slope: 0.1), true), (.sigmoid, true)] {
      let skip = skipped ? generator.tensor(2 * height, 2 * width, outputs) : nil
      let truth = Reference.convTranspose(
        Reference.concatenate(parts), weight: weight, bias: bias, outputChannels: outputs, activation: activation,
        adding: skip)
      expectEveryVariant(truth, "\(activation)") {
        ConvTranspose(weight: weight, bias: bias, inputChannels: total, outputChannels: outputs)(
          parts, activation: activation, adding: skip)
      }
    }
  }

  /// Not a number stays one: a broken frame must not come out as a plausible one.
  @Test(arguments: [1, 3, 5, 7])
  func notANumber(kernel: Int) {
    let x = Tensor(9, 9, 4, filledWith: 0.5)
    x[4, 4, 2] = .nan
    let convolution = Convolution(
      weight: [Float](repeating: 0.1, count: 8 * 4 * kernel * kernel), bias: [Float](repeating: 0, count: 8),
      outputChannels: 8, inputChannels: 4, kernel: kernel)
    #expect(convolution(x, activation: .leakyReLU(slope: 0.1))[4, 4, 0].isNaN)
  }

  private func check(_ c: Case, seed: UInt64 = 0) {
    var generator = SeededGenerator(seed: seed)
    let depth = c.inputs.reduce(0, +)
    let parts = c.inputs.map { generator.tensor(c.height, c.width, $0) }
    let weight = generator.floats(c.outputs * depth * c.kernel * c.kernel), bias = generator.floats(c.outputs)
    let geometry = ConvolutionGeometry(
      inputChannels: depth, outputChannels: c.outputs, kernel: c.kernel, stride: c.stride, dilation: c.dilation)
    let plain = Reference.convolution(parts, weight: weight, bias: bias, geometry: geometry)
    let residual = generator.tensor(plain.height, plain.width, plain.channels)
    for (activation, added) in [(Activation.none, nil), (.leakyReLU(slope: 0.1), residual), (.relu, nil)] {
      let truth = Reference.finish(plain, activation, adding: added)
      expectEveryVariant(truth, "\(c.testDescription), \(activation)") {
        Convolution(
          weight: weight, bias: bias, outputChannels: c.outputs, inputChannels: depth, kernel: c.kernel,
          stride: c.stride, dilation: c.dilation)(parts, activation: activation, adding: added)
      }
    }
  }
}

extension Reference {
  /// `activation(x) + residual`.
  fileprivate static func finish(_ x: Tensor, _ activation: Activation, adding residual: Tensor?) -> Tensor {
    let added = residual?.values ?? [Float](repeating: 0, count: x.count)
    let values = zip(x.values, added).map { Float(apply(activation, Double($0)) + Double($1)) }
    return Tensor(height: x.height, width: x.width, channels: x.channels, values: values)
  }
}
