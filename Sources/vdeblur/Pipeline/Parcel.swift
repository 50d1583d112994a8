import Deblur
import VideoIO

/// What travels between the stages, in reading order: pictures to be worked on, packets that pass by untouched.
enum Parcel: Sendable {
  /// A frame with its pixels, [H, W, 3] RGB in [0, 1]: as read on the way in, restored on the way out.
  case picture(Frame, Tensor)
  /// A picture whose neighbours have been found, to be restored.
  case match(FrameWindow<Frame>.Match)
  /// The place of a picture that is being restored.
  case promise(Promise<Parcel>)
  case packet(Packet)

  /// One picture, or 64 packets, fill a queue. While one picture waits the stage before it prepares the next, and
  /// deblurring takes far longer than reading or writing: more would cost memory (25 MB a 1080p picture) and gain
  /// nothing. 64 packets are about half a second of sound beside the pictures that belong to it.
  static let queueCapacity = 64
  var weight: Int {
    switch self {
    case .picture, .match, .promise: Self.queueCapacity
    case .packet: 1
    }
  }
}
