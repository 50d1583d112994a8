import Deblur
import VideoIO

/// The middle stage: pictures go in and come out restored, one later, because each needs the one after it.
///
/// Used by one thread at a time.
final class Deblurring {
  private var window: FrameWindow<Frame>?

  /// - Parameter deblurrer: nil leaves every picture as it is.
  init(_ deblurrer: Deblurrer?) { window = deblurrer.map { FrameWindow($0) } }

  /// Scene cuts met so far.
  var cuts: Int { window?.cuts ?? 0 }

  /// - Parameters:
  ///   - pixels: the frame's picture, [H, W, 3].
  ///   - wanted: false for a frame that only serves as a neighbour.
  /// - Returns: the picture that is ready, if one is.
  /// - Throws: `DeblurError` if the network's result is not finite.
  func push(_ frame: Frame, _ pixels: Tensor, wanted: Bool) throws -> Parcel? {
    guard window != nil else { return wanted ? .picture(frame, pixels) : nil }
    return try window!.push(pixels, frame, wanted: wanted).map(Self.parcel)
  }

  /// The last picture, if it was wanted.
  func finish() throws -> Parcel? { try window?.finish().map(Self.parcel) }

  private static func parcel(_ output: FrameWindow<Frame>.Output) -> Parcel {
    .picture(output.payload, output.restored)
  }
}
