/// Motion and change over the clip as two plots for the page, with cuts and the chosen moments. Lines are SVG that
/// stretches with the window; words and numbers are HTML, which does not.
struct PageTimeline {
  let survey: Survey
  let moments: [FrameProbe.Finding]

  var html: String {
    let times = Axis(covering: [survey.span.lowerBound, survey.span.upperBound], ticks: 6)
    let findings = survey.findings
    let labels = times.ticks.filter { $0 <= survey.span.upperBound + 1e-9 }.map { tick in
      "<span style=\"left:\(percent(place(tick)))\">\(times.step < 1 ? times.label(tick) : Expectation.minutes(tick))</span>"
    }
    return """
      <div class="timeline">
      \(panel("Motion of the fastest parts, pixels a frame", findings.map { ($0.time, $0.motion) }, "motion"))\
      \(panel(
        "Expected change where it is largest, grey levels (dotted: visible from here on)",
        findings.map { ($0.time, $0.change) }, "change", limit: Expectation.visible, marks: moments))\
      <div class="times">\(labels.joined())</div>
      <p class="hint">\(note)</p>
      </div>
      """
  }

  private var note: String {
    let count = counted(survey.findings.count, "frame")
    let looked = survey.isWhole ? "Looked at all \(count)" : "Looked at \(count), spread evenly over the clip"
    guard let cuts = survey.cuts else { return "\(looked). Cuts are sought only in clips of up to three minutes." }
    return "\(looked); \(cuts.isEmpty ? "no cuts" : "\(counted(cuts.count, "cut")) (dashed)")."
  }

  private func panel(
    _ title: String, _ points: [(time: Double, value: Double)], _ kind: String, limit: Double? = nil,
    marks: [FrameProbe.Finding] = []
  ) -> String {
    let axis = Axis(covering: [0] + points.map(\.value) + (limit.map { [$0 * 1.2] } ?? []), ticks: 4)
    let height = { (value: Double) in 1 - axis.position(value) }
    let scale = axis.ticks.map { "<span style=\"top:\(percent(height($0)))\">\(axis.label($0))</span>" }
    var lines = axis.ticks.map { rule("grid", y: height($0)) }
    lines += (survey.cuts ?? []).map {
      "<line class=\"cut\" x1=\"\(share(place($0)))\" x2=\"\(share(place($0)))\" y1=\"0\" y2=\"1000\"/>"
    }
    if let limit { lines.append(rule("limit", y: height(limit))) }
    // A line never runs across a cut.
    lines += scenes(points).map { scene in
      let path = scene.map { "\(share(place($0.time))),\(share(height($0.value)))" }
      let single = scene.count == 1 ? [path[0]] : []
      return
        "<polyline class=\"\(kind)\" stroke-linecap=\"round\" points=\"\((path + single).joined(separator: " "))\"/>"
    }
    let links = marks.enumerated().map { index, mark in
      "<a href=\"#moment-\(index + 1)\" aria-label=\"Moment \(index + 1), at \(clock(mark.time)) s\" "
        + "style=\"left:\(percent(place(mark.time)));top:\(percent(height(mark.change)))\">\(index + 1)</a>"
    }
    return """
      <div class="panel">
      <h3>\(title)</h3>
      <div class="scale">\(scale.joined())</div>
      <div class="plot"><svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
      \(lines.joined(separator: "\n"))
      </svg>\(links.joined())</div>
      </div>

      """
  }

  private func scenes(_ points: [(time: Double, value: Double)]) -> [[(time: Double, value: Double)]] {
    var scenes: [[(time: Double, value: Double)]] = []
    for point in points {
      let isCut = scenes.last?.last.map { last in
        survey.cuts?.contains { $0 > last.time && $0 <= point.time } ?? false
      }
      if isCut == false { scenes[scenes.count - 1].append(point) } else { scenes.append([point]) }
    }
    return scenes
  }

  private func rule(_ kind: String, y: Double) -> String {
    "<line class=\"\(kind)\" x1=\"0\" x2=\"1000\" y1=\"\(share(y))\" y2=\"\(share(y))\"/>"
  }

  /// From 0 to 1 across the plot.
  private func place(_ time: Double) -> Double {
    let length = survey.span.upperBound - survey.span.lowerBound
    return length > 0 ? (time - survey.span.lowerBound) / length : 0.5
  }

  private func share(_ part: Double) -> String { fixed(1000 * part, 1) }
  private func percent(_ part: Double) -> String { "\(fixed(100 * part, 2))%" }
}
