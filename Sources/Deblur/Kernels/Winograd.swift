internal import CKernels

/// A convolution of stride 1 with a 3×3 or 5×5 kernel by Winograd's minimal filtering, weights transformed once.
///
/// F(6×6, 3×3) needs 64 multiplications where the direct sum needs 324, F(4×4, 5×5) 64 for 400.
/// What makes other convolutions out of it are the views it reads and writes: see `Convolution`.
struct Winograd: Sendable {
  private let kernel: Int
  private let depth: Int
  private let weights: AlignedFloats
  private let bias: [Float]  // [outputs · channels]
  private let instructions: InstructionSet

  /// One image: the views of its inputs, outputs and residuals, channels one behind the other.
  struct Plane {
    var inputs: [vdk_view]
    var outputs: [vdk_view]
    var residuals: [vdk_view]
  }

  /// `weight`: `[outputs · channels, depth, kernel, kernel]`; `bias`: `[outputs · channels]`.
  init(weight: [Float], bias: [Float], outputs: Int, depth: Int, kernel: Int) {
    self.kernel = kernel
    self.depth = depth
    self.bias = bias
    instructions = .current
    let channels = bias.count / outputs
    let lanes = Int32(instructions.lanes)
    let size = vdk_winograd_packed(Int32(depth), Int32(channels), lanes)
    let packed = AlignedFloats(count: outputs * size)
    let perView = channels * depth * kernel * kernel
    weight.withUnsafeBufferPointer { source in
      for view in 0..<outputs {
        vdk_winograd_pack(
          source.baseAddress! + view * perView, Int32(kernel), Int32(depth), Int32(channels), lanes,
          packed.base + view * size)
      }
    }
    weights = packed
  }

  /// Runs all planes; each output's height and width say what is computed.
  func callAsFunction(_ planes: [Plane], slope: Float) {
    let height = Int(planes.map { $0.outputs.map(\.height).max()! }.max()!)
    let width = Int(planes.map { $0.outputs.map(\.width).max()! }.max()!)
    let tile = kernel == 3 ? 6 : 4
    let (high, wide) = ((height + tile - 1) / tile, (width + tile - 1) / tile)
    let tiles = planes.count * high * wide
    guard tiles > 0 else { return }
    let block = blockSize(tiles)
    let kernels = instructions.kernels
    let inputs = planes.flatMap(\.inputs), outputs = planes.flatMap(\.outputs), residuals = planes.flatMap(\.residuals)
    inputs.withUnsafeBufferPointer { inputs in
      outputs.withUnsafeBufferPointer { outputs in
        residuals.withUnsafeBufferPointer { residuals in
          bias.withUnsafeBufferPointer { bias in
            var job = vdk_winograd(
              tile: Int32(tile), padding: Int32(kernel / 2), planes: Int32(planes.count), tiles_high: Int32(high),
              tiles_wide: Int32(wide), inputs: Int32(planes[0].inputs.count), outputs: Int32(planes[0].outputs.count),
              input: inputs.baseAddress, output: outputs.baseAddress,
              residual: residuals.isEmpty ? nil : residuals.baseAddress, depth: Int32(depth), weights: weights.base,
              bias: bias.baseAddress, slope: slope)
            let scratch = vdk_winograd_scratch(Int32(depth), Int32(block), kernels)
            withUnsafePointer(to: &job) { job in
              Parallel.for((tiles + block - 1) / block, scratch: scratch) { index, scratch in
                let first = index * block
                kernels.pointee.winograd(job, Int32(first), Int32(min(block, tiles - first)), scratch)
              }
            }
          }
        }
      }
    }
  }

  /// Tiles that are transformed and multiplied together: as many as keep the transformed inputs in the
  /// second-level cache, but at least one register tile, and few enough that all threads get some.
  private func blockSize(_ tiles: Int) -> Int {
    let rows = Int(kernels.rows)
    let cached = Self.cacheFloats / (64 * depth) / rows * rows
    let most = max(rows, min(cached, Self.mostTiles))
    let blocks = max((tiles + most - 1) / most, min(tiles, 2 * Parallel.workers.count))
    let even = (tiles + blocks - 1) / blocks
    return min(most, (even + rows - 1) / rows * rows)
  }

  private var kernels: vdk_kernels { instructions.kernels.pointee }
  private static let cacheFloats = 512 * 1024 / 4
  private static let mostTiles = 24
}
