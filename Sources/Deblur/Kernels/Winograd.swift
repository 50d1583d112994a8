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
    let lanes = instructions.lanes
    let stretches = planes[0].inputs.reduce(0) { $0 + (Int($1.channels) + lanes - 1) / lanes }
    precondition(stretches <= Int(VDK_MOST_STRETCHES), "\(depth) channels are more than one product sums over")
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

  /// A thread takes some groups of tiles at a time. One group is as many tiles as the register tile has rows: what it
  /// needs, transformed, fits beside the weights into the second-level cache, whatever else a neighbour of the core does.
  private func run(_ job: UnsafePointer<vdk_winograd>, tiles: Range<Int>) {
    guard !tiles.isEmpty else { return }
    let kernels = instructions.kernels
    let group = Int(kernels.pointee.rows)
    let share = share(of: tiles.count, group: group)
    let scratch = vdk_winograd_scratch(job, Int32(group), kernels)
    Parallel.for((tiles.count + share - 1) / share, scratch: scratch) { index, scratch in
      let start = tiles.lowerBound + index * share
      let end = min(start + share, tiles.upperBound)
      for first in stride(from: start, to: end, by: group) {
        kernels.pointee.winograd(job, Int32(first), Int32(min(group, end - first)), scratch)
      }
    }
  }

  /// Tiles that a thread takes at a time: whole groups, alike, and few enough that all threads get some.
  private func share(of tiles: Int, group: Int) -> Int {
    let most = max(group, Self.mostTiles / group * group)
    let shares = max((tiles + most - 1) / most, min(tiles, 2 * Parallel.workers.count))
    let even = (tiles + shares - 1) / shares
    return min(most, (even + group - 1) / group * group)
  }

  private static let mostTiles = 24
}
