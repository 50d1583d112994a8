import VideoIO

/// Captions in a pixel alphabet of 5×7 points that holds just the letters of the captions: no font to install or to
/// find.
enum Lettering {
  static func draw(_ text: String, on picture: inout RGB8, x: Int, y: Int, scale: Int) {
    let advance = 6 * scale
    // A dark plate keeps the letters readable on any picture.
    picture.fill(x: x, y: y, width: text.count * advance + scale, height: 9 * scale, grey: 16)
    for (index, character) in text.enumerated() {
      guard let rows = glyphs[character] else { continue }
      for (row, points) in rows.enumerated() {
        for (column, point) in points.enumerated() where point == "#" {
          picture.fill(
            x: x + scale + index * advance + column * scale, y: y + (row + 1) * scale, width: scale, height: scale,
            grey: 240)
        }
      }
    }
  }

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

  private static let glyphs: [Character: [String]] = [
    "a": ["", "", " ###", "    #", " ####", "#   #", " ####"],
    "b": ["#", "#", "####", "#   #", "#   #", "#   #", "####"],
    "e": ["", "", " ###", "#   #", "#####", "#", " ###"],
    "f": ["  ##", " #  #", " #", "###", " #", " #", " #"],
    "o": ["", "", " ###", "#   #", "#   #", "#   #", " ###"],
    "r": ["", "", "# ##", "##  #", "#", "#", "#"],
    "t": [" #", " #", "###", " #", " #", " #  #", "  ##"],
    "x": ["", "", "#   #", " # #", "  #", " # #", "#   #"],
    "3": ["####", "    #", "    #", " ###", "    #", "    #", "####"],
  ]
}
