/// PSNR and SSIM over time as an SVG of two panels that any browser shows.
struct Plot {
  let comparison: Comparison

  private let width = 900.0
  private let panelHeight = 220.0
  private let left = 70.0
  private let right = 20.0
  private let top = 80.0
  private let gap = 50.0

  var svg: String {
    let scores = comparison.frames
    let times = Axis(covering: scores.map(\.time), ticks: 8)
    let height = top + 2 * panelHeight + gap + 70
    var body = ""
    let title = "\(shortened(comparison.first)) against \(shortened(comparison.second))"
    body += text(left, 26, title, size: 16, weight: "bold")
    let psnr = "PSNR mean \(fixed(comparison.meanPSNR, 2)) dB, overall \(fixed(comparison.overallPSNR, 2)) dB"
    body += text(
      left, 46, "\(counted(scores.count, "frame")): \(psnr); SSIM mean \(fixed(comparison.meanSSIM, 4))", size: 13)
    body += panel(
      "PSNR, dB (dashed: mean)", scores.map { ($0.time, min($0.psnr, Comparison.equalPSNR)) }, times, y: top,
      colour: "#1b6ca8",
      mean: comparison.meanPSNR)
    body += panel(
      "SSIM (dashed: mean)", scores.map { ($0.time, $0.ssim) }, times, y: top + panelHeight + gap, colour: "#b3541e",
      mean: comparison.meanSSIM)
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
    _ title: String, _ points: [(time: Double, value: Double)], _ times: Axis, y: Double, colour: String, mean: Double
  ) -> String {
    let values = Axis(covering: points.map(\.value), ticks: 5)
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
    let level = place(times.low, mean).y
    out += line(left, level, width - right, level, colour, dash: true)
    let path = points.map { place($0.time, $0.value) }.map { "\(fixed($0.x, 1)),\(fixed($0.y, 1))" }
    out +=
      "<polyline fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\" points=\"\(path.joined(separator: " "))\"/>\n"
    // Dots only while they stay apart: a single frame would draw no line at all.
    if points.count <= 120 {
      for point in points.map({ place($0.time, $0.value) }) {
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
    _ x: Double, _ y: Double, _ string: String, size: Int, weight: String = "normal", anchor: String = "start"
  ) -> String {
    let escaped = string.reduce(into: "") { out, character in
      switch character {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      default: out.append(character)
      }
    }
    return "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" font-size=\"\(size)\" font-weight=\"\(weight)\" "
      + "text-anchor=\"\(anchor)\">\(escaped)</text>\n"
  }
}
