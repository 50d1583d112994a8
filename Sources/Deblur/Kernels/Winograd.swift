internal import CKernels

/// A convolution of stride 1 with a 2×2, 3×3 or 5×5 kernel by Winograd's minimal filtering, weights transformed once.
///
/// F(6×6, 3×3) needs 64 multiplications where the direct sum needs 324, F(4×4, 5×5) 64 for 400, F(7×7, 2×2) 64 for 196.
/// What makes other convolutions out of it are the views it reads and writes: see `Convolution`.
struct Winograd: Sendable {
  let kernel: Int
  private let depth: Int
  private let weights: AlignedFloats
  private let bias: [Float]  // [outputs · channels]
  /// The four outputs are phases that begin up to a row and a column before the tile (`vdk_winograd.staggered`).
  private let isStaggered: Bool
  private let instructions: InstructionSet

  /// One image: the views of its inputs, outputs and residuals, channels one behind the other.
  struct Plane {
    var inputs: [vdk_view]
    var outputs: [vdk_view]
    var residuals: [vdk_view]

    var height: Int { Int(outputs.map(\.height).max() ?? 0) }
    var width: Int { Int(outputs.map(\.width).max() ?? 0) }
  }

  /// `weight`: `[outputs · channels, depth, kernel, kernel]`; `bias`: `[outputs · channels]`.
  init(weight: [Float], bias: [Float], outputs: Int, depth: Int, kernel: Int, isStaggered: Bool = false) {
    self.kernel = kernel
    self.isStaggered = isStaggered
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

  /// Side of an output tile.
  var tile: Int { 9 - kernel }

  /// Runs all planes; each output's height and width say what is computed.
  /// - Parameter tileRows: of each plane; all if nil.
  func callAsFunction(_ planes: [Plane], slope: Float, tileRows: Range<Int>? = nil) {
    let beyond = isStaggered ? tile : tile - 1
    let high = (planes.map(\.height).max()! + beyond) / tile
    let wide = (planes.map(\.width).max()! + beyond) / tile
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
              bias: bias.baseAddress, slope: slope, staggered: isStaggered ? 1 : 0)
            let rows = tileRows ?? 0..<planes.count * high
            withUnsafePointer(to: &job) { run($0, tiles: rows.lowerBound * wide..<rows.upperBound * wide) }
          }
        }
      }
    }
  }

  private func run(_ job: UnsafePointer<vdk_winograd>, tiles: Range<Int>) {
    guard !tiles.isEmpty else { return }
    let kernels = instructions.kernels
    let block = blockSize(tiles.count)
    let scratch = vdk_winograd_scratch(job, Int32(block), kernels)
    Parallel.for((tiles.count + block - 1) / block, scratch: scratch) { index, scratch in
      let first = tiles.lowerBound + index * block
      kernels.pointee.winograd(job, Int32(first), Int32(min(block, tiles.upperBound - first)), scratch)
    }
  }

  /// Tiles that are transformed and multiplied together: as many as keep the transformed inputs in the
  /// second-level cache, but at least one register tile, and few enough that all threads get some.
  private func blockSize(_ tiles: Int) -> Int {
    let rows = Int(instructions.kernels.pointee.rows)
    let cached = Self.cacheFloats / (64 * depth) / rows * rows
    let most = max(rows, min(cached, Self.mostTiles))
    let blocks = max((tiles + most - 1) / most, min(tiles, 2 * Parallel.workers.count))
    let even = (tiles + blocks - 1) / blocks
    return min(most, (even + rows - 1) / rows * rows)
  }

  private static let cacheFloats = 512 * 1024 / 4
  private static let mostTiles = 24
}
