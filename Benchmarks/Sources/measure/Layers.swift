@testable import Deblur

/// One layer on random numbers, ready to be run again and again.
struct Layer {
  let run: () -> Void

  /// `fields`: H W I O kernel stride dilation.
  static func convolution(_ fields: [Int]) -> Layer {
    let (h, w, i, o, k) = (fields[0], fields[1], fields[2], fields[3], fields[4])
    let layer = Convolution(
      weight: random(o * i * k * k), bias: random(o), outputChannels: o, inputChannels: i, kernel: k, stride: fields[5],
      dilation: fields[6])
    let x = tensor(h, w, i)
    return Layer { _ = layer(x, activation: .leakyReLU(slope: 0.1)) }
  }

  /// `fields`: H W I O.
  static func transposed(_ fields: [Int]) -> Layer {
    let (h, w, i, o) = (fields[0], fields[1], fields[2], fields[3])
    let layer = ConvTranspose(weight: random(i * o * 16), bias: random(o), inputChannels: i, outputChannels: o)
    let x = tensor(h, w, i)
    return Layer { _ = layer(x, activation: .leakyReLU(slope: 0.1)) }
  }

  /// The plain loops, on `fields`: H W I O kernel.
  static func plain(_ fields: [Int]) -> Layer {
    let (h, w, i, o, k) = (fields[0], fields[1], fields[2], fields[3], fields[4])
    let weight = random(o * i * k * k), bias = random(o)
    let geometry = ConvolutionGeometry(inputChannels: i, outputChannels: o, kernel: k, stride: 1, dilation: 1)
    let x = tensor(h, w, i)
    return Layer {
      _ = Reference.convolution(
        [x], weight: weight, bias: bias, geometry: geometry, activation: .leakyReLU(slope: 0.1))
    }
  }

  /// `fields`: H W C radius.
  static func costVolume(_ fields: [Int]) -> Layer {
    let a = tensor(fields[0], fields[1], fields[2]), b = tensor(fields[0], fields[1], fields[2])
    return Layer { _ = Deblur.costVolume(a, b, radius: fields[3], slope: 0.1) }
  }

  /// `fields`: H W C.
  static func warp(_ fields: [Int]) -> Layer {
    let image = tensor(fields[0], fields[1], fields[2]), flow = tensor(fields[0], fields[1], 2)
    return Layer { _ = Deblur.warp(image, by: flow) }
  }

  static func tensor(_ h: Int, _ w: Int, _ c: Int) -> Tensor {
    Tensor(height: h, width: w, channels: c, values: random(h * w * c))
  }

  /// Numbers in -0.5 … 0.5 without order enough to matter (a linear congruential generator: setting up should not take longer than running).
  private static func random(_ count: Int) -> [Float] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 24) - 0.5
    }
  }
}
