/// The legend of every shape comment in this module.
///
/// - `H`, `W`: rows and columns of pixels
/// - `C`: channels, the fastest-moving index
///
/// Tensors are `[H, W, C]`, float32, without a batch dimension. Channels come last because
/// everything hot runs along C: Winograd transforms, warps, cost volumes, 1×1 convolutions.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// H
  public let height: Int
  /// W
  public let width: Int
  /// C
  public let channels: Int

  /// The shape `[height, width, channels]`.
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Number of elements.
  public var count: Int { height * width * channels }

  /// `[H, W, C]` in figures.
  public var description: String { "[\(height), \(width), \(channels)]" }
}
