import Deblur
import VideoIO

/// The middle of the pipeline: pictures go in and come out one later, because each needs the one after it, as matches that
/// are still to be restored.
///
/// Used by one thread at a time.
final class Deblurring {
  private var window: FrameWindow<Frame>?
  private let config: ModelConfig?

  /// - Parameter deblurrer: nil leaves every picture as it is.
  init(_ deblurrer: Deblurrer?) {
    window = deblurrer.map { FrameWindow($0) }
    config = deblurrer?.model.config
  }

  /// How many matches are worth restoring at a time, each on a thread of its own.
  func framesAtOnce(height: Int, width: Int) -> Int { config?.framesAtOnce(height: height, width: width) ?? 1 }

  /// Scene cuts met so far.
  var cuts: Int { window?.cuts ?? 0 }

  /// - Parameters:
  ///   - pixels: the frame's picture, [H, W, 3].
  ///   - wanted: false for a frame that only serves as a neighbour.
  /// - Returns: what is ready to be restored, if anything is.
  /// - Throws: `DeblurError` if the picture is not finite.
  func push(_ frame: Frame, _ pixels: Tensor, wanted: Bool) throws -> Parcel? {
    guard window != nil else { return wanted ? .picture(frame, pixels) : nil }
    return try window!.match(pixels, frame, wanted: wanted).map(Parcel.match)
  }

  /// The last picture, if it was wanted.
  func finish() -> Parcel? { window?.finishMatching().map(Parcel.match) }
}

extension Parcel {
  /// The second half of the work; what needs none stays as it is.
  /// - Throws: `DeblurError` if the network's result is not finite.
  func restored() throws -> Parcel {
    guard case .match(let match) = self else { return self }
    let output = try match.restored()
    return .picture(output.payload, output.restored)
  }
}
