import ArgumentParser
import VideoIO

/// How before and after are placed in a preview.
enum PreviewLayout: String, ExpressibleByArgument, CaseIterable {
  /// before | after
  case side
  /// One picture: its left half before, its right half after, with a line between.
  case split
  /// The same, with a line that moves from the middle to the right edge, to the left edge and back.
  case wipe
  /// before over after
  case stack

  /// Seconds until the line of `wipe` is where it was.
  static let wipePeriod = 3.0

  /// - Parameter seconds: of the preview, until the frame is shown.
  func composition(at seconds: Double) -> Frame.Composition {
    switch self {
    case .side: .side
    case .split: .split(at: 0.5)
    case .wipe: .split(at: Self.wipePlace(at: seconds))
    case .stack: .stack
    }
  }

  /// A triangle wave: 0.5, 1, 0.5, 0 at the quarters of a period.
  private static func wipePlace(at seconds: Double) -> Double {
    let phase = (seconds / wipePeriod + 0.25).truncatingRemainder(dividingBy: 1)
    return phase < 0.5 ? 2 * phase : 2 - 2 * phase
  }
}
