/// A frame with all that the networks compute from it alone: made once, used by the three windows that the frame
/// appears in.
public final class PreparedFrame: Sendable {
  /// Size of the frame as it was given.
  public let height, width: Int
  /// The frame, reflected beyond its right and lower edge to a multiple of the networks' stride.
  let padded: Tensor  // [H, W, 3]
  /// The flow network's features, finest level first; empty if the model uses no neighbours.
  let pyramid: [Tensor]  // [H/(u·2^l), W/(u·2^l), C_l]
  let thumbnail: SceneCut.Thumbnail

  init(_ frame: Tensor, padded: Tensor, pyramid: [Tensor]) {
    (height, width) = (frame.height, frame.width)
    self.padded = padded
    self.pyramid = pyramid
    thumbnail = SceneCut.Thumbnail(frame)
  }

  /// The frame as it was given, [height, width, 3].
  public var frame: Tensor {
    (padded.height, padded.width) == (height, width) ? padded : crop(padded, height: height, width: width)
  }
}

/// A window of frames and the motion between them.
public struct MatchedFrames: Sendable {
  let previous: PreparedFrame?
  let middle: PreparedFrame
  let next: PreparedFrame?
  /// From the middle frame to the neighbours, each [h, w, 2] at the flow network's finest level; nil where there is none.
  let flows: [Tensor?]
}
