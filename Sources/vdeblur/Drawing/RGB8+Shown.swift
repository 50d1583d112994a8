import VideoIO

extension RGB8 {
  /// The picture as players show it: turned and mirrored by the display matrix, its pixels made square by stretching the
  /// side that they are too short on.
  func shown(as video: StreamInfo) throws -> RGB8 {
    let turned = oriented(video.orientation)
    let aspect = video.shownPixelAspect
    guard abs(aspect - 1) > 1e-6 else { return turned }
    let size = PictureSize(
      width: aspect > 1 ? Int(limiting: Double(turned.width) * aspect) : turned.width,
      height: aspect < 1 ? Int(limiting: Double(turned.height) / aspect) : turned.height)
    return try turned.scaled(to: size)
  }

  private func oriented(_ orientation: Orientation) -> RGB8 {
    guard orientation != .upright else { return self }
    let stored = PictureSize(width: width, height: height)
    let size = orientation.shown(stored)
    var out = RGB8(width: size.width, height: size.height, filledWith: 0)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let from = orientation.stored(x: x, y: y, in: stored)
        let (source, target) = ((from.y * width + from.x) * 3, (y * size.width + x) * 3)
        for channel in 0..<3 { out.bytes[target + channel] = bytes[source + channel] }
      }
    }
    return out
  }

  func scaled(to size: PictureSize) throws -> RGB8 {
    guard size != PictureSize(width: width, height: height) else { return self }
    let scaled = try StillImage.scale(bytes.span, width: width, height: height, to: size)
    return RGB8(width: size.width, height: size.height, bytes: scaled)
  }
}
