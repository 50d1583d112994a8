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
