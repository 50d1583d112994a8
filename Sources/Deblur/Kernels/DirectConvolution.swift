internal import CKernels

/// A convolution as sums over the taps of zero-padded strips: any kernel up to 7×7, stride and dilation.
struct DirectConvolution: Sendable {
  private let geometry: ConvolutionGeometry
  private let weights: AlignedFloats
  private let bias: [Float]
  private let instructions: InstructionSet

  /// `weight`: `[O, I, k, k]`; `bias`: `[O]`.
  init(weight: [Float], bias: [Float], geometry g: ConvolutionGeometry) {
    precondition(g.kernel <= 7, "direct convolution is made for kernels up to 7×7")
    geometry = g
    self.bias = bias
    instructions = .current
    let lanes = Int32(instructions.lanes)
    let (kernel, depth, channels) = (Int32(g.kernel), Int32(g.inputChannels), Int32(g.outputChannels))
    weights = AlignedFloats(count: vdk_direct_packed(kernel, depth, channels, lanes))
    vdk_direct_pack(weight, kernel, depth, channels, lanes, weights.base)
  }

  func callAsFunction(_ parts: [Tensor], into out: Tensor, slope: Float, adding residual: Tensor?) {
    let g = geometry
    let kernels = instructions.kernels
    let views = parts.map(\.view)
    views.withUnsafeBufferPointer { views in
      bias.withUnsafeBufferPointer { bias in
        var job = vdk_direct(
          kernel: Int32(g.kernel), stride: Int32(g.stride), dilation: Int32(g.dilation), padding: Int32(g.padding),
          inputs: Int32(parts.count), input: views.baseAddress, output: out.view, residual: residual?.view ?? .none,
          depth: Int32(g.inputChannels), weights: weights.base, bias: bias.baseAddress, slope: slope)
        // Strips of several rows share input rows, but the last strip should not keep one thread waiting for long.
        let strip = max(1, min(Self.stripRows, out.height / (2 * Parallel.workers.count)))
        let scratch = vdk_direct_scratch(&job, Int32(strip), kernels)
        withUnsafePointer(to: &job) { job in
          Parallel.for((out.height + strip - 1) / strip, scratch: scratch) { index, scratch in
            let first = index * strip
            kernels.pointee.direct(job, Int32(first), Int32(min(first + strip, out.height)), scratch)
          }
        }
      }
    }
  }

  private static let stripRows = 4
}
