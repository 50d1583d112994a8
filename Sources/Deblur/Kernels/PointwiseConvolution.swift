internal import COpenBLAS

/// A 1×1 convolution of stride 1: one matrix product `[pixels, I] · [I, O]`, left to OpenBLAS (`cblas_sgemm`).
struct PointwiseConvolution: Sendable {
  private let inputs: Int
  private let outputs: Int
  private let weights: [Float]  // [I, O]
  private let bias: [Float]  // [O]

  /// Threads are ours, one strip each: OpenBLAS's own would multiply with them.
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Rows of an image a product: fixed, so that the result does not depend on the number of threads.
  private static let stripRows = 4

  /// `weight`: `[O, I]`; `bias`: `[O]`.
  init(weight: [Float], bias: [Float], inputs: Int, outputs: Int) {
    _ = Self.oneThread
    (self.inputs, self.outputs, self.bias) = (inputs, outputs, bias)
    weights = (0..<inputs).flatMap { i in (0..<outputs).map { o in weight[o * inputs + i] } }
  }

  func callAsFunction(_ parts: [Tensor], into out: Tensor, slope: Float, adding residual: Tensor?) {
    let width = out.width
    Parallel.for((out.height + Self.stripRows - 1) / Self.stripRows) { strip in
      let rows = min(Self.stripRows, out.height - strip * Self.stripRows)
      let pixels = rows * width
      let to = out.row(strip * Self.stripRows)
      for pixel in 0..<pixels { (to + pixel * outputs).update(from: bias, count: outputs) }
      var first = 0
      for part in parts {
        weights.withUnsafeBufferPointer { weights in
          cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(pixels), Int32(outputs), Int32(part.channels), 1,
            part.row(strip * Self.stripRows), Int32(part.channels), weights.baseAddress! + first * outputs,
            Int32(outputs), 1, to, Int32(outputs))
        }
        first += part.channels
      }
      if slope != 1 {
        for index in 0..<pixels * outputs { to[index] = max(to[index], to[index] * slope) }
      }
      if let added = residual?.row(strip * Self.stripRows) {
        for index in 0..<pixels * outputs { to[index] += added[index] }
      }
    }
  }
}
