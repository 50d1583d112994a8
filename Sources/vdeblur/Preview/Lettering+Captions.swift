import VideoIO

extension Lettering {
  /// "before" and "after" in a size that suits the clip's frames as they are shown.
  static func captions(for source: Source) -> (before: Frame.Caption, after: Frame.Caption) {
    let frame = PictureSize(width: source.firstFrame.width, height: source.firstFrame.height)
    let scale = max(1, source.info.video.orientation.shown(frame).height / 240)
    return (caption("before", scale: scale), caption("after", scale: scale))
  }

  private static func caption(_ text: String, scale: Int) -> Frame.Caption {
    var plate = RGB8(width: (text.count * 6 + 1) * scale, height: 9 * scale, filledWith: 16)
    draw(text, on: &plate, x: 0, y: 0, scale: scale)
    let greys = stride(from: 0, to: plate.bytes.count, by: 3).map { plate.bytes[$0] }
    return Frame.Caption(width: plate.width, height: plate.height, greys: greys)
  }
}
