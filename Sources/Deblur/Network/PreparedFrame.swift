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
  /// Without any colour: what is added to it has none either.
  let isGrey: Bool

  init(_ frame: Tensor, padded: Tensor, pyramid: [Tensor]) {
    (height, width) = (frame.height, frame.width)
    self.padded = padded
    self.pyramid = pyramid
    thumbnail = SceneCut.Thumbnail(frame)
    isGrey = frame.isGrey
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

extension Tensor {
  /// Whether R, G and B are the same everywhere, but for less than a quarter of an 8-bit step.
  fileprivate var isGrey: Bool {
    Parallel.allRows(height) { y in
      let row = self.row(y)
      var largest: Float = 0
      for x in 0..<width {
        let (r, g, b) = (row[3 * x], row[3 * x + 1], row[3 * x + 2])
        largest = max(largest, max(r, g, b) - min(r, g, b))
      }
      return largest < 1 / 1024
    }
  }
}
