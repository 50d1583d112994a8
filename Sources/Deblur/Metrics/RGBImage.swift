/// 8-bit pixels, [H, W, 3] RGB, rows end to end: what the metrics compare.
public struct RGBImage: Sendable {
  /// Rows and columns of pixels.
  public let height, width: Int
  /// The samples, [H, W, 3].
  public let bytes: [UInt8]

  /// - Precondition: `bytes.count == height * width * 3`.
  public init(height: Int, width: Int, bytes: [UInt8]) {
    precondition(
      height > 0 && width > 0 && bytes.count == height * width * 3,
      "\(height)×\(width)×3 pixels wanted, \(bytes.count) bytes given")
    self.height = height
    self.width = width
    self.bytes = bytes
  }
}
