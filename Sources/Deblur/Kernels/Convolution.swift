internal import CKernels
import Foundation

/// A zero-padded convolution with bias. Owns its weights, repacked once for the algorithm it picks:
///
/// | kernel, stride | algorithm |
/// |---|---|
/// | 3×3 or 5×5, stride 1 | Winograd; dilated by d: on each of the d×d sub-grids |
/// | 3×3 or 5×5, stride 2 | Winograd 2×2 or 3×3 over the four phases of the input, as 4·I channels |
/// | 1×1 | one matrix product, by OpenBLAS |
/// | everything else | direct |
final class Convolution: Sendable {
  /// Channels, kernel, stride and dilation.
  let geometry: ConvolutionGeometry
  private let algorithm: Algorithm

  private enum Algorithm {
    case winograd(Winograd)
    case strided(Winograd)
    case pointwise(PointwiseConvolution)
    case direct(DirectConvolution)
  }

  /// `weight`: `[O, I, k, k]`; `bias`: `[O]`. Padding is `dilation * (kernel - 1) / 2`.
  init(
    weight: [Float], bias: [Float], outputChannels: Int, inputChannels: Int, kernel: Int, stride: Int = 1,
    dilation: Int = 1
  ) {
    let g = ConvolutionGeometry(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride, dilation: dilation)
    precondition(
      weight.count == outputChannels * inputChannels * kernel * kernel && bias.count == outputChannels,
      "\(weight.count) weights and \(bias.count) biases for \(g)")
    geometry = g
    switch (kernel, stride, dilation) {
    case (3, 1, _), (5, 1, _):
      algorithm = .winograd(Winograd(weight: weight, bias: bias, outputs: 1, depth: inputChannels, kernel: kernel))
    case (3, 2, 1), (5, 2, 1):
      algorithm = .strided(
        Winograd(
          weight: g.phases(of: weight), bias: bias, outputs: 1, depth: 4 * inputChannels, kernel: (kernel + 1) / 2))
    case (1, 1, _):
      algorithm = .pointwise(
        PointwiseConvolution(weight: weight, bias: bias, inputs: inputChannels, outputs: outputChannels))
    default:
      algorithm = .direct(DirectConvolution(weight: weight, bias: bias, geometry: g))
    }
  }

  /// The plain Winograd convolution behind this one, if that is what it is.
  var winograd: Winograd? {
    if case .winograd(let winograd) = algorithm, geometry.dilation == 1 { winograd } else { nil }
  }

  /// `activation(conv(x) + bias) + residual`; `x`: `[H, W, I]`.
  func callAsFunction(_ x: Tensor, activation: Activation = .none, adding residual: Tensor? = nil) -> Tensor {
    self([x], activation: activation, adding: residual)
  }

  /// The same on the channels of `parts` one behind the other, without building their concatenation.
  func callAsFunction(_ parts: [Tensor], activation: Activation = .none, adding residual: Tensor? = nil)
    -> Tensor
  {
    let g = geometry
    let (height, width) = (parts[0].height, parts[0].width)
    precondition(
      parts.reduce(0) { $0 + $1.channels } == g.inputChannels
        && parts.allSatisfy { $0.height == height && $0.width == width },
      "\(parts.map(\.shape)) into a convolution of \(g.inputChannels) channels")
    let out = Tensor(g.outputSide(height), g.outputSide(width), g.outputChannels)
    precondition(residual == nil || residual!.shape == out.shape, "a residual of another shape")

    guard let slope = activation.slope else {
      run(parts, into: out, slope: 1, adding: nil)
      applySigmoid(out, adding: residual)
      return out
    }
    run(parts, into: out, slope: slope, adding: residual)
    return out
  }

  private func run(_ parts: [Tensor], into out: Tensor, slope: Float, adding residual: Tensor?) {
    switch algorithm {
    case .pointwise(let pointwise):
      pointwise(parts, into: out, slope: slope, adding: residual)
    case .direct(let direct):
      direct(parts, into: out, slope: slope, adding: residual)
    case .winograd(let winograd):
      let step = geometry.dilation
      let planes = (0..<step * step).map { index in
        let grid = { (tensor: Tensor) in tensor.subgrid(top: index / step, left: index % step, step: step) }
        return Winograd.Plane(
          inputs: parts.map(grid), outputs: [grid(out)], residuals: residual.map { [grid($0)] } ?? [])
      }
      winograd(planes, slope: slope)
    case .strided(let winograd):
      let inputs = (0..<4).flatMap { phase in parts.map { $0.subgrid(top: phase / 2, left: phase % 2, step: 2) } }
      let plane = Winograd.Plane(inputs: inputs, outputs: [out.view], residuals: residual.map { [$0.view] } ?? [])
      winograd([plane], slope: slope)
    }
  }
}

extension ConvolutionGeometry {
  /// A kernel k×k, k odd, of stride 2 as one of n×n, n = (k + 1) / 2, of stride 1 over the four phases of its input.
  ///
  /// Tap s = -k/2 … k/2 of output y reads input 2y + s: row y + ⌊s/2⌋ of the phase s mod 2.
  /// Returns `[O, 4·I, n, n]`, channels ordered by phase (row, column), then input channel.
  func phases(of weight: [Float]) -> [Float] {
    let n = (kernel + 1) / 2
    let places = (0..<kernel).map { k in
      let s = k - kernel / 2
      return (phase: s & 1, tap: (s >> 1) + n / 2)
    }
    var result = [Float](repeating: 0, count: outputChannels * 4 * inputChannels * n * n)
    for o in 0..<outputChannels {
      for i in 0..<inputChannels {
        for (ky, row) in places.enumerated() {
          for (kx, column) in places.enumerated() {
            let channel = (row.phase * 2 + column.phase) * inputChannels + i
            result[((o * 4 * inputChannels + channel) * n + row.tap) * n + column.tap] =
              weight[((o * inputChannels + i) * kernel + ky) * kernel + kx]
          }
        }
      }
    }
    return result
  }
}

/// In place: `x = 1 / (1 + e^-x) + residual`.
func applySigmoid(_ x: Tensor, adding residual: Tensor?) {
  for i in 0..<x.count {
    x.data[i] = 1 / (1 + exp(-x.data[i])) + (residual?.data[i] ?? 0)
  }
}
