/// A whole line now and then, for log files and pipes: `vdeblur: 101 of 240 frames, 4.2 fps, 33 s to go`.
struct ProgressLines: ProgressDisplay {
  let interval = Duration.seconds(15)

  func show(_ advance: Advance) {
    // A short run leaves no lines at all, and the end has a line of its own.
    guard advance.elapsed > 5, advance.fraction != 1 else { return }
    Console.shared.line("vdeblur: " + Self.text(advance))
  }

  func finish(_ advance: Advance) {}

  static func text(_ advance: Advance) -> String {
    var facts = advance.clip.map { ["clip \($0.number) of \($0.count)"] } ?? []
    facts += [advance.expectedFrames.map { "\(advance.frames) of \($0) frames" } ?? "\(advance.frames) frames"]
    facts.append("\(fixed(advance.framesPerSecond, 2)) fps")
    if let remaining = advance.remaining { facts.append("\(span(remaining)) to go") }
    return facts.joined(separator: ", ")
  }
}
