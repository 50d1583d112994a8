/// Columns and rows of a picture.
public struct PictureSize: Sendable, Hashable, CustomStringConvertible {
  /// Columns of pixels.
  public let width: Int
  /// Rows of pixels.
  public let height: Int

  /// A size in pixels.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// `1920×1080`
  public var description: String { "\(width)×\(height)" }
}
