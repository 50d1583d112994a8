import VideoIO

/// A bar on the terminal's last line: `[=====>     ]  42%  101/240 frames  4.2 fps  0.17x  ETA 33 s`.
///
/// Plain ASCII, so that it reads in every locale; what does not fit is left out from the right, the bar first.
struct ProgressBar: ProgressDisplay {
  let interval = Duration.milliseconds(100)

  func show(_ advance: Advance) {
    let text = Self.text(advance, width: Console.shared.width - 1)
    // The bar without its brackets.
    let bar = text.hasPrefix("[") ? text.prefix { $0 != ">" && $0 != "]" }.count + 1 : 0
    Console.shared.setStatus(text, coloured: bar)
  }

  func finish(_ advance: Advance) {
    show(advance)
    Console.shared.endStatus()
  }

  static func text(_ advance: Advance, width: Int) -> String {
    var facts: [String] = []
    if let fraction = advance.fraction { facts.append("\(Int(limiting: fraction * 100, rounded: .down))%") }
    if let clip = advance.clip { facts.append("clip \(clip.number)/\(clip.count)") }
    facts.append(advance.expectedFrames.map { "\(advance.frames)/\($0) frames" } ?? "\(advance.frames) frames")
    if advance.frames > 0 {
      facts.append("\(fixed(advance.framesPerSecond, advance.framesPerSecond < 10 ? 2 : 0)) fps")
      facts.append("\(fixed(advance.speed, 2))x")
      if let remaining = advance.remaining, remaining > 0 { facts.append("ETA \(span(remaining))") }
    }
    while facts.count > 1, facts.joined(separator: "  ").count > width { facts.removeLast() }
    let text = facts.joined(separator: "  ")

    let cells = min(40, width - text.count - 4)
    guard let fraction = advance.fraction, cells >= 8 else { return text }
    let full = Int(limiting: Double(cells) * fraction, rounded: .down)
    let bar = String(repeating: "=", count: full) + (full < cells ? ">" : "")
    return "[\(bar)\(String(repeating: " ", count: cells - bar.count))]  \(text)"
  }
}
