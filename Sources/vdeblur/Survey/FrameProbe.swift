import Deblur
import Foundation
import VideoIO

/// What the network would do to one frame, found out for a fraction of the work: motion on a reduced picture, then the
/// network itself on the tile where most moves.
///
/// The motion alone would not tell: with a short exposure much moves and nothing is blurred.
struct FrameProbe {
  /// What was found at one frame.
  struct Finding: Encodable, Sendable {
    /// Seconds from the beginning of the clip.
    let time: Double
    /// How far the fastest tiny part of the picture moves in a frame, in pixels: the 98th percentile.
    let motion: Double
    /// By how much the picture will change where it changes most, in grey levels: the root mean square over the four
    /// most changed blocks of 32×32 pixels in the tile.
    let change: Double
  }

  /// Long side of a reduced picture, at most; flow needs no more to find where most moves.
  static let reducedSide = 480
  /// Side of the tile on which the network itself runs.
  static let tileSide = 256
  static let blockSide = 32

  private let deblurrer: Deblurrer
  private let factor: Int

  init(_ deblurrer: Deblurrer, width: Int, height: Int) {
    self.deblurrer = deblurrer
    factor = max(1, (max(width, height) + Self.reducedSide - 1) / Self.reducedSide)
  }

  /// A frame averaged down: what motion and cuts are looked for in.
  func reduced(_ frame: Tensor) -> Tensor { factor == 1 ? frame : averagePool(frame, factor: factor) }

  /// - Parameters:
  ///   - previous, next: the frames beside it; nil at the clip's ends.
  func find(previous: Tensor?, current: Tensor, next: Tensor?, at time: Double) throws -> Finding {
    var (previous, next) = (previous, next)
    let middle = reduced(current)
    if let frame = previous, isCut(reduced(frame), middle) { previous = nil }
    if let frame = next, isCut(middle, reduced(frame)) { next = nil }
    let prepared = try [previous, current, next].map { try $0.map { try deblurrer.prepare(reduced($0)) } }
    let matched = deblurrer.match(previous: prepared[0], middle: prepared[1]!, next: prepared[2])
    let motion = deblurrer.motion(of: matched)
    let speeds = motion.map { $0.values.map { Double($0) * Double(factor) }.sorted() } ?? [0]
    let tile = Self.busiestTile(of: middle, motion, factor: factor, width: current.width, height: current.height)
    let crops = try [previous, current, next].map { try $0.map { try deblurrer.prepare($0.cropped(to: tile)) } }
    let restored = try deblurrer.restore(previous: crops[0], middle: crops[1]!, next: crops[2])
    return Finding(
      time: time, motion: speeds[min(speeds.count - 1, speeds.count * 98 / 100)],
      change: Self.change(from: crops[1]!.frame, to: restored))
  }

  private func isCut(_ a: Tensor, _ b: Tensor) -> Bool {
    var cuts = SceneCuts()
    _ = cuts.isCut(before: a)
    return cuts.isCut(before: b)
  }

  /// Where most contrast moves farthest.
  private static func busiestTile(of picture: Tensor, _ motion: Tensor?, factor: Int, width: Int, height: Int) -> Area {
    let size = (width: min(tileSide, width), height: min(tileSide, height))
    // Cells of the motion, or of eight reduced pixels.
    let cell = motion.map { max(1, picture.width / max(1, $0.width)) } ?? 8
    let (columns, rows) = (max(1, picture.width / cell), max(1, picture.height / cell))
    var sums = [Double](repeating: 0, count: (columns + 1) * (rows + 1))
    for y in 0..<rows {
      var row = 0.0
      for x in 0..<columns {
        let speed = motion.map { Double($0[min(y, $0.height - 1), min(x, $0.width - 1), 0]) } ?? 1
        row += speed * contrast(of: picture, x: x * cell, y: y * cell, side: cell)
        sums[(y + 1) * (columns + 1) + x + 1] = sums[y * (columns + 1) + x + 1] + row
      }
    }
    let (across, down) = (
      min(columns, max(1, size.width / (cell * factor))), min(rows, max(1, size.height / (cell * factor)))
    )
    var (best, most) = ((x: (columns - across) / 2, y: (rows - down) / 2), 0.0)
    for y in 0...(rows - down) {
      for x in 0...(columns - across) {
        let (top, bottom) = (y * (columns + 1), (y + down) * (columns + 1))
        let sum = sums[bottom + x + across] - sums[top + x + across] - sums[bottom + x] + sums[top + x]
        if sum > most { (best, most) = ((x, y), sum) }
      }
    }
    return Area(
      x: min(best.x * cell * factor, width - size.width), y: min(best.y * cell * factor, height - size.height),
      width: size.width, height: size.height)
  }

  /// Sum of the differences between neighbours in the green of a square.
  private static func contrast(of picture: Tensor, x: Int, y: Int, side: Int) -> Double {
    var sum: Float = 0
    for row in y..<min(y + side, picture.height - 1) {
      let (line, below) = (picture.data + row * picture.width * 3, picture.data + (row + 1) * picture.width * 3)
      for column in x..<min(x + side, picture.width - 1) {
        let here = line[3 * column + 1]
        sum += abs(line[3 * column + 4] - here) + abs(below[3 * column + 1] - here)
      }
    }
    return Double(sum)
  }

  /// Root mean square over the four blocks that change most, in grey levels; see ``Finding/change``.
  static func change(from before: Tensor, to after: Tensor) -> Double {
    let side = min(blockSide, before.width, before.height)
    var errors: [Double] = []
    for y in stride(from: 0, through: before.height - side, by: side) {
      for x in stride(from: 0, through: before.width - side, by: side) {
        var sum: Float = 0
        for row in y..<y + side {
          let start = (row * before.width + x) * 3
          for index in start..<start + 3 * side {
            let difference = after.data[index] - before.data[index]
            sum += difference * difference
          }
        }
        errors.append(Double(sum) / Double(3 * side * side))
      }
    }
    let most = errors.sorted(by: >).prefix(4)
    return 255 * (most.reduce(0, +) / Double(most.count)).squareRoot()
  }
}

extension Tensor {
  /// A rectangle of it, copied.
  func cropped(to area: Area) -> Tensor {
    let out = Tensor(area.height, area.width, channels)
    for row in 0..<area.height {
      (out.data + row * area.width * channels)
        .update(from: data + ((area.y + row) * width + area.x) * channels, count: area.width * channels)
    }
    return out
  }
}
