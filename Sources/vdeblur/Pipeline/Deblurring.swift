import Deblur
import VideoIO

/// The middle stage: pictures go in and come out restored, one later, because each needs the one after it.
///
/// Used by one thread at a time.
final class Deblurring {
  private var window: FrameWindow<Frame>?
  /// Whether the picture still in the window is wanted, or only a neighbour of the others.
  private var pending = false

  /// - Parameter deblurrer: nil leaves every picture as it is.
  init(_ deblurrer: Deblurrer?) { window = deblurrer.map { FrameWindow($0) } }

  /// Whether frames need their pixels converted at all.
  var readsPixels: Bool { window != nil }

  /// Scene cuts met so far.
  var cuts: Int { window?.cuts ?? 0 }

  /// - Parameter wanted: false for a frame that only serves as a neighbour.
  /// - Returns: the picture that is ready, if one is.
  func push(_ frame: Frame, _ pixels: Tensor?, wanted: Bool) throws -> Parcel? {
    guard window != nil, let pixels else { return wanted ? .picture(frame, nil) : nil }
    pending = wanted
    return try window!.push(pixels, frame).flatMap { $0.payload.isContext ? nil : .picture($0.payload, $0.restored) }
  }

  /// The last picture, if it was wanted.
  func finish() throws -> Parcel? {
    guard pending else { return nil }
    return try window?.finish().map { .picture($0.payload, $0.restored) }
  }
}
