internal import CKernels

/// Transposed convolution 4×4, stride 2, padding 1: doubles both sides.
///
/// Each of the four phases of the output is a 2×2 convolution of the input; all four together are one Winograd
/// convolution with 4·O channels, whose input transform they share.
final class ConvTranspose: Sendable {
  /// I, the channels of the input.
  let inputChannels: Int
  /// O, the channels of the output.
  let outputChannels: Int
  private let winograd: Winograd

  /// `weight`: `[I, O, 4, 4]` (PyTorch's order); `bias`: `[O]`.
  init(weight: [Float], bias: [Float], inputChannels: Int, outputChannels: Int) {
    precondition(
      weight.count == inputChannels * outputChannels * 16 && bias.count == outputChannels,
      "\(weight.count) weights and \(bias.count) biases for \(inputChannels) → \(outputChannels) channels")
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    winograd = Winograd(
      weight: Self.phases(of: weight, inputChannels, outputChannels),
      bias: [[Float]](repeating: bias, count: 4).flatMap { $0 },
      outputs: 4, depth: inputChannels, kernel: 2, isStaggered: true)
  }

  /// `activation(convTranspose(x) + bias) + skip`; `[H, W, I]` to `[2H, 2W, O]`.
  func callAsFunction(_ x: Tensor, activation: Activation = .none, adding skip: Tensor? = nil) -> Tensor {
    self([x], activation: activation, adding: skip)
  }

  /// The same on the channels of `parts` one behind the other.
  func callAsFunction(_ parts: [Tensor], activation: Activation = .none, adding skip: Tensor? = nil) -> Tensor {
    precondition(
      parts.reduce(0) { $0 + $1.channels } == inputChannels,
      "\(parts.map(\.shape)) into a transposed convolution of \(inputChannels) channels")
    let out = Tensor(2 * parts[0].height, 2 * parts[0].width, outputChannels)
    precondition(skip == nil || skip!.shape == out.shape, "a skip of another shape")
    let phases = { (tensor: Tensor) in (0..<4).map { tensor.subgrid(top: $0 / 2, left: $0 % 2, step: 2) } }
    let slope = activation.slope
    let plane = Winograd.Plane(
      inputs: parts.map(\.view), outputs: phases(out), residuals: slope == nil ? [] : skip.map(phases) ?? [])
    winograd([plane], slope: slope ?? 1)
    if slope == nil { applySigmoid(out, adding: skip) }
    return out
  }

  /// Multiply-accumulates of the direct algorithm for one input pixel.
  var multiplyAccumulatesPerInputPixel: Int { 16 * inputChannels * outputChannels }

  /// Output row 2j + p sums input rows with taps `2i - 1 + k = 2j + p`: for p = 0 rows j-1 (k = 3) and
  /// j (k = 1), for p = 1 rows j (k = 2) and j+1 (k = 0). Returns `[4·O, I, 2, 2]`.
  private static func phases(of weight: [Float], _ inputs: Int, _ outputs: Int) -> [Float] {
    let tap = [[3, 1], [2, 0]]  // [p][row - j + 1 - p]
    var result = [Float](repeating: 0, count: 4 * outputs * inputs * 4)
    for phase in 0..<4 {
      for o in 0..<outputs {
        for i in 0..<inputs {
          for cell in 0..<4 {
            let (ky, kx) = (tap[phase / 2][cell / 2], tap[phase % 2][cell % 2])
            result[((phase * outputs + o) * inputs + i) * 4 + cell] = weight[((i * outputs + o) * 4 + ky) * 4 + kx]
          }
        }
      }
    }
    return result
  }
}
