import Foundation
import VideoIO

/// A page that stands alone: moments before and after, each with a slider and an enlarged detail, and a timeline. No
/// network, no other file; works by pointer, touch and keyboard, light and dark, and printed.
struct Page {
  /// One moment, before and after.
  struct Picture {
    let time: Double
    let motion: Double
    /// By how much the detail changed, in grey levels (root mean square).
    let change: Double
    /// As they are shown, of one size.
    let before, after: RGB8
    /// The part that changed most.
    let area: Area
  }

  /// Long side of a picture on the page; the details are not reduced.
  static let longSide = 1280
  static let enlargement = 3

  let title: String
  /// Sentences under the title.
  let summary: [String]
  let timeline: String
  let footer: String
  /// Pictures are many; each is coded when it is added.
  private var figures: [String] = []

  init(title: String, summary: [String], timeline: String, footer: String) {
    (self.title, self.summary, self.timeline, self.footer) = (title, summary, timeline, footer)
  }

  mutating func add(_ picture: Picture) throws {
    let number = figures.count + 1
    let (width, height) = (picture.before.width, picture.before.height)
    let scale = min(1, Double(Self.longSide) / Double(max(width, height)))
    let size = PictureSize(
      width: max(1, Int(limiting: Double(width) * scale)), height: max(1, Int(limiting: Double(height) * scale)))
    let area = picture.area
    let box = [
      "left:\(percent(area.x, width))", "top:\(percent(area.y, height))", "width:\(percent(area.width, width))",
      "height:\(percent(area.height, height))",
    ].joined(separator: ";")
    let when = Expectation.minutes(picture.time)
    figures.append(
      """
      <section id="moment-\(number)">
      <h2>\(number) · \(clock(picture.time)) s</h2>
      <p>The fastest parts move by \(fixed(picture.motion, 1)) pixels a frame; in the detail the picture changes by \
      \(fixed(picture.change, 1)) grey levels.</p>
      \(try comparison(
        picture.before.scaled(to: size), picture.after.scaled(to: size), .jpeg, "The frame at \(when)",
        ratio: (width, height), inside: "<i class=\"box\" style=\"\(box)\"></i>",
        style: "max-width:min(\(size.width)px, 100%, calc(85vh * \(fixed(Double(width) / Double(height), 4))))"))
      <h3>Detail</h3>
      \(try comparison(
        picture.before.enlarged(area, by: 1), picture.after.enlarged(area, by: 1), .png, "The detail at \(when)",
        ratio: (area.width, area.height), inside: "", style: "max-width:\(Self.enlargement * area.width)px"))
      </section>

      """)
  }

  private func comparison(
    _ before: RGB8, _ after: RGB8, _ format: StillImage.Format, _ name: String, ratio: (width: Int, height: Int),
    inside: String, style: String = ""
  ) throws -> String {
    """
    <div class="pair \(format == .png ? "detail" : "frame")" style="aspect-ratio:\(ratio.width)/\(ratio.height);\(style)">
    <figure class="before"><img alt="\(name), before" src="\(try source(before, format))">\
    <figcaption>before</figcaption></figure>
    <figure class="after"><img alt="\(name), after" src="\(try source(after, format))">\
    <figcaption>after</figcaption></figure>
    \(inside)<b class="line"></b>
    <input type="range" min="0" max="100" step="1" value="50" \
    aria-label="\(name): how much is shown as it was before, in per cent">
    </div>
    """
  }

  private func source(_ picture: RGB8, _ format: StillImage.Format) throws -> String {
    let bytes = try StillImage.encode(picture.bytes.span, width: picture.width, height: picture.height, as: format)
    return "data:image/\(format == .png ? "png" : "jpeg");base64,\(Data(bytes).base64EncodedString())"
  }

  private func percent(_ part: Int, _ whole: Int) -> String { "\(fixed(100 * Double(part) / Double(whole), 3))%" }

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title)) – before and after</title>
    <style>
    \(Self.style)</style>
    </head>
    <body>
    <main>
    <h1>\(escaped(title))</h1>
    \(summary.map { "<p class=\"summary\">\(escaped($0))</p>" }.joined(separator: "\n"))
    \(timeline)
    <p class="hint">Drag across a picture, or focus it and use the arrow keys: left of the line it is as it was, right of \
    it as the full run makes it.</p>
    \(figures.joined())<footer>\(escaped(footer))</footer>
    </main>
    <script>
    \(Self.script)</script>
    </body>
    </html>

    """
  }
}
