internal import COpenBLAS

/// A zero-padded convolution with bias; owns its weights, repacked once.
public final class Convolution: Sendable {
  public let geometry: ConvolutionGeometry
  private let bias: [Float]  // [O]
  private let matrix: [Float]  // [k·k·I, O]

  /// `weight`: `[O, I, k, k]`; `bias`: `[O]`. Padding is `dilation * (kernel - 1) / 2`.
  public init(
    weight: [Float], bias: [Float], outputChannels: Int, inputChannels: Int, kernel: Int, stride: Int = 1,
    dilation: Int = 1
  ) {
    geometry = ConvolutionGeometry(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride, dilation: dilation)
    precondition(weight.count == outputChannels * inputChannels * kernel * kernel && bias.count == outputChannels)
    self.bias = bias
    var matrix = [Float](repeating: 0, count: weight.count)
    for o in 0..<outputChannels {
      for i in 0..<inputChannels {
        for tap in 0..<kernel * kernel {
          matrix[(tap * inputChannels + i) * outputChannels + o] =
            weight[(o * inputChannels + i) * kernel * kernel + tap]
        }
      }
    }
    self.matrix = matrix
  }

  /// `activation(conv(x) + bias) + residual`; `x`: `[H, W, I]`.
  public func callAsFunction(_ x: Tensor, activation: Activation = .none, adding residual: Tensor? = nil) -> Tensor {
    self([x], activation: activation, adding: residual)
  }

  /// The same on the channels of `parts` one behind the other, without building their concatenation.
  public func callAsFunction(_ parts: [Tensor], activation: Activation = .none, adding residual: Tensor? = nil)
    -> Tensor
  {
    let g = geometry
    let x = parts.count == 1 ? parts[0] : concatenate(parts)
    precondition(x.channels == g.inputChannels, "\(x.shape) into a convolution of \(g.inputChannels) channels")
    let out = Tensor(g.outputSide(x.height), g.outputSide(x.width), g.outputChannels)
    precondition(residual == nil || residual!.shape == out.shape)
    let depth = g.kernel * g.kernel * g.inputChannels
    openblas_set_num_threads(1)
    Parallel.for(out.height) { oy in
      let columns = Tensor(1, out.width, depth)
      for ox in 0..<out.width {
        for tap in 0..<g.kernel * g.kernel {
          let iy = oy * g.stride + tap / g.kernel * g.dilation - g.padding
          let ix = ox * g.stride + tap % g.kernel * g.dilation - g.padding
          let target = columns.data + ox * depth + tap * x.channels
          if iy >= 0, iy < x.height, ix >= 0, ix < x.width {
            target.update(from: x.data + (iy * x.width + ix) * x.channels, count: x.channels)
          } else {
            target.update(repeating: 0, count: x.channels)
          }
        }
      }
      let row = out.row(oy)
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(out.width), blasint(g.outputChannels), blasint(depth), 1,
        columns.data, blasint(depth), matrix, blasint(g.outputChannels), 0, row, blasint(g.outputChannels))
      finish(row, count: out.width, activation, residual?.row(oy))
    }
    return out
  }

  private func finish(
    _ row: UnsafeMutablePointer<Float>, count: Int, _ activation: Activation, _ residual: UnsafeMutablePointer<Float>?
  ) {
    for i in 0..<count * bias.count {
      row[i] = Float(Reference.apply(activation, Double(row[i] + bias[i % bias.count]))) + (residual?[i] ?? 0)
    }
  }
}
