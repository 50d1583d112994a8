import Foundation

/// What a restoration made worse, which a mean gain hides: patches of 32×32 pixels, in a grid from the top left, partial ones left out.
///
/// The same as `harm` in training/metrics.py.
public struct Harm: Sendable, Equatable, Codable {
  /// Pixels of a patch's side.
  public static let side = 32

  /// Patches looked at.
  public private(set) var patches = 0
  /// Of these, how many were harmed: their mean squared error over pixels and channels grew by more than half, and by more than 16.
  public private(set) var harmed = 0
  /// The largest growth of a patch in grey levels, √(error after − error before); 0 where nothing grew.
  public private(set) var largestGrowth = 0.0

  /// Nothing looked at yet.
  public init() {}

  /// Harmed patches among all, 0…1.
  public var share: Double { Double(harmed) / Double(max(1, patches)) }

  /// Counts a frame that was `before` and became `after`.
  /// - Precondition: all three have the same size.
  public mutating func add(before: RGBImage, after: RGBImage, sharp: RGBImage) {
    precondition(
      [before, after].allSatisfy { $0.height == sharp.height && $0.width == sharp.width }, "images of several sizes")
    for row in 0..<sharp.height / Self.side {
      for column in 0..<sharp.width / Self.side {
        let was = Self.error(before, sharp, row, column)
        let becomes = Self.error(after, sharp, row, column)
        patches += 1
        if becomes > 1.5 * was, becomes - was > 16 { harmed += 1 }
        largestGrowth = max(largestGrowth, max(0, becomes - was).squareRoot())
      }
    }
  }

  /// Mean squared difference of a patch.
  private static func error(_ a: RGBImage, _ b: RGBImage, _ row: Int, _ column: Int) -> Double {
    var sum = 0
    for y in row * side..<(row + 1) * side {
      let start = (y * a.width + column * side) * 3
      for index in start..<start + 3 * side {
        let difference = Int(a.bytes[index]) - Int(b.bytes[index])
        sum += difference * difference
      }
    }
    return Double(sum) / Double(3 * side * side)
  }
}
