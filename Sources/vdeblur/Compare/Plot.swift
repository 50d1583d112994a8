/// PSNR and SSIM over time as an SVG of two panels that any browser shows.
struct Plot {
  /// One clip, or before and after, against one reference.
  let comparisons: [Comparison]

  private let width = 900.0
  private let panelHeight = 220.0
  private let left = 70.0
  private let right = 20.0
  private let gap = 50.0
  private var top: Double { 64 + 18 * Double(comparisons.count) }
  /// Grey for what was, colour for what is measured.
  private var names: [String] { comparisons.count == 2 ? ["before", "after"] : [""] }
  private func colours(_ colour: String) -> [String] { comparisons.count == 2 ? ["#888", colour] : [colour] }

  var svg: String {
    let scores = comparisons[0].frames
    let times = Axis(covering: scores.map(\.time), ticks: 8)
    let height = top + 2 * panelHeight + gap + 70
    var body = ""
    let others = comparisons.map { shortened($0.second) }.joined(separator: " and ")
    body += text(left, 26, "\(shortened(comparisons[0].first)) against \(others)", size: 16, weight: "bold")
    for (index, comparison) in comparisons.enumerated() {
      let psnr = "PSNR mean \(fixed(comparison.meanPSNR, 2)) dB, overall \(fixed(comparison.overallPSNR, 2)) dB"
      let name = names[index].isEmpty ? counted(scores.count, "frame") : names[index]
      body += text(
        left, 46 + 18 * Double(index), "\(name): \(psnr); SSIM mean \(fixed(comparison.meanSSIM, 4))", size: 13,
        colour: comparisons.count == 2 ? colours("#1b6ca8")[index] : "#222")
    }
    body += panel(
      "PSNR, dB (dashed: mean)",
      comparisons.map { $0.frames.map { ($0.time, min($0.psnr, Comparison.equalPSNR)) } }, times, y: top,
      colours: colours("#1b6ca8"), means: comparisons.map(\.meanPSNR))
    body += panel(
      "SSIM (dashed: mean)", comparisons.map { $0.frames.map { ($0.time, $0.ssim) } }, times,
      y: top + panelHeight + gap, colours: colours("#b3541e"), means: comparisons.map(\.meanSSIM))
    body += text((left + width - right) / 2, height - 34, "time, s", size: 13, anchor: "middle")
    body += text(left, height - 12, Comparison.protocolNote, size: 11)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(Int(height))" \
      viewBox="0 0 \(Int(width)) \(Int(height))" font-family="sans-serif" fill="#222">
      <rect width="100%" height="100%" fill="#fff"/>
      \(body)</svg>

      """
  }

  private func panel(
    _ title: String, _ series: [[(time: Double, value: Double)]], _ times: Axis, y: Double, colours: [String],
    means: [Double]
  ) -> String {
    let values = Axis(covering: series.joined().map(\.value), ticks: 5)
    let bottom = y + panelHeight
    let place = { (time: Double, value: Double) in
      (x: left + times.position(time) * (width - left - right), y: bottom - values.position(value) * panelHeight)
    }
    var out = text(left, y - 6, title, size: 13, weight: "bold")
    for tick in values.ticks {
      let at = place(times.low, tick).y
      out += line(left, at, width - right, at, "#ddd")
      out += text(left - 8, at + 4, values.label(tick), size: 12, anchor: "end")
    }
    for tick in times.ticks {
      let at = place(tick, values.low).x
      out += line(at, bottom, at, bottom + 5, "#222")
      out += text(at, bottom + 18, times.label(tick), size: 12, anchor: "middle")
    }
    out += line(left, y, left, bottom, "#222") + line(left, bottom, width - right, bottom, "#222")
    for (points, (colour, mean)) in zip(series, zip(colours, means)) {
      let level = place(times.low, mean).y
      out += line(left, level, width - right, level, colour, dash: true)
      let places = points.map { place($0.time, $0.value) }
      let path = places.map { "\(fixed($0.x, 1)),\(fixed($0.y, 1))" }.joined(separator: " ")
      out += "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\" points=\"\(path)\"/>\n"
      // Dots only while they stay apart: a single frame would draw no line at all.
      for point in points.count <= 120 ? places : [] {
        out += "<circle cx=\"\(fixed(point.x, 1))\" cy=\"\(fixed(point.y, 1))\" r=\"2.5\" fill=\"\(colour)\"/>\n"
      }
    }
    return out
  }

  /// The end of a path that is too long for the title.
  private func shortened(_ path: String) -> String { path.count <= 40 ? path : "..." + path.suffix(37) }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, dash: Bool = false)
    -> String
  {
    "<line x1=\"\(fixed(x1, 1))\" y1=\"\(fixed(y1, 1))\" x2=\"\(fixed(x2, 1))\" y2=\"\(fixed(y2, 1))\" "
      + "stroke=\"\(colour)\""
      + (dash ? " stroke-dasharray=\"6 4\"" : "") + "/>\n"
  }

  private func text(
    _ x: Double, _ y: Double, _ string: String, size: Int, weight: String = "normal", anchor: String = "start",
    colour: String = "#222"
  ) -> String {
    "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" font-size=\"\(size)\" font-weight=\"\(weight)\" "
      + "text-anchor=\"\(anchor)\" fill=\"\(colour)\">\(escaped(string))</text>\n"
  }
}
