/// Finds whether two clips are the same scene some frames apart, as cuts made with different tools often are: then every
/// score would compare pictures of different moments.
struct FrameShift {
  /// Frames that are kept of each clip, and the largest shift that is looked for.
  static let kept = 48
  static let reach = 10

  /// Cells of a thumbnail, at most, along its longer side.
  private static let side = 64

  /// Means of the green of square cells.
  typealias Thumbnail = [Float]

  private var first: [Thumbnail] = []
  private var second: [Thumbnail] = []

  var isFull: Bool { first.count >= Self.kept }

  mutating func add(_ a: Thumbnail, _ b: Thumbnail) {
    guard !isFull else { return }
    first.append(a)
    second.append(b)
  }

  /// How many frames later the second clip shows what the first does; 0 if they line up, or if nothing tells.
  var frames: Int {
    let reach = min(Self.reach, first.count / 2)
    guard reach > 0 else { return 0 }
    let errors = (-reach...reach).map { (shift: $0, error: error(at: $0)) }
    let best = errors.min { $0.error < $1.error }!
    let unmoved = errors[reach].error
    return Self.explains(best.error, better: unmoved) ? best.shift : 0
  }

  /// Blur and compression differ in any case: only what another moment explains far better is a shift.
  static func explains(_ moved: Float, better unmoved: Float) -> Bool { 2 * moved < unmoved && unmoved - moved > 4 }

  /// Mean squared difference of the pairs that there are at a shift.
  private func error(at shift: Int) -> Float {
    var (sum, count): (Float, Float) = (0, 0)
    for index in first.indices where second.indices.contains(index + shift) {
      for (x, y) in zip(first[index], second[index + shift]) { sum += (x - y) * (x - y) }
      count += Float(first[index].count)
    }
    return count > 0 ? sum / count : .infinity
  }

  static func thumbnail(_ picture: RGB8) -> Thumbnail {
    let cell = max(1, (max(picture.width, picture.height) + side - 1) / side)
    var means: [Float] = []
    picture.bytes.withUnsafeBufferPointer { bytes in
      for y in stride(from: 0, through: picture.height - cell, by: cell) {
        for x in stride(from: 0, through: picture.width - cell, by: cell) {
          var sum = 0
          for row in y..<y + cell {
            let start = (row * picture.width + x) * 3 + 1
            for column in 0..<cell { sum += Int(bytes[start + 3 * column]) }
          }
          means.append(Float(sum) / Float(cell * cell))
        }
      }
    }
    return means
  }
}
