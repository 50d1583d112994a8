/// A picture of 8-bit RGB pixels, rows end to end, with the few ways of drawing that a comparison needs.
struct RGB8: Sendable {
  let width: Int
  let height: Int
  var bytes: [UInt8]  // [H, W, 3]

  init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(bytes.count == width * height * 3, "\(width)×\(height) pixels wanted, \(bytes.count) bytes given")
    (self.width, self.height, self.bytes) = (width, height, bytes)
  }

  init(width: Int, height: Int, filledWith grey: UInt8) {
    self.init(width: width, height: height, bytes: [UInt8](repeating: grey, count: width * height * 3))
  }

  /// Copies `picture` to (x, y); all of it must lie inside.
  mutating func draw(_ picture: RGB8, x: Int, y: Int) {
    for row in 0..<picture.height {
      let from = row * picture.width * 3
      let to = ((y + row) * width + x) * 3
      bytes.replaceSubrange(to..<to + picture.width * 3, with: picture.bytes[from..<from + picture.width * 3])
    }
  }

  /// Fills a rectangle with a grey; what lies outside is left out.
  mutating func fill(x: Int, y: Int, width: Int, height: Int, grey: UInt8) {
    for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
      for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
        let at = (row * self.width + column) * 3
        for channel in 0..<3 { bytes[at + channel] = grey }
      }
    }
  }

  /// Draws the four sides of a rectangle, inwards.
  mutating func outline(_ area: Area, thickness: Int, grey: UInt8) {
    fill(x: area.x, y: area.y, width: area.width, height: thickness, grey: grey)
    fill(x: area.x, y: area.y + area.height - thickness, width: area.width, height: thickness, grey: grey)
    fill(x: area.x, y: area.y, width: thickness, height: area.height, grey: grey)
    fill(x: area.x + area.width - thickness, y: area.y, width: thickness, height: area.height, grey: grey)
  }

  /// The area, every pixel repeated `factor` times each way: an enlargement that invents nothing.
  func enlarged(_ area: Area, by factor: Int) -> RGB8 {
    var out = RGB8(width: area.width * factor, height: area.height * factor, filledWith: 0)
    for y in 0..<out.height {
      for x in 0..<out.width {
        let from = ((area.y + y / factor) * width + area.x + x / factor) * 3
        let to = (y * out.width + x) * 3
        for channel in 0..<3 { out.bytes[to + channel] = bytes[from + channel] }
      }
    }
    return out
  }
}

/// A rectangle of pixels.
struct Area: Equatable {
  var x, y, width, height: Int
}
