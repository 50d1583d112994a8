/// Turns ffmpeg's spellings that the parser cannot hold itself into ours.
enum FamiliarSpelling {
  /// A bare `help`, `-h` or `--help` shows the page of the command that a bare `vdeblur` runs.
  static func translate(_ arguments: [String]) -> [String] {
    if let first = arguments.first, arguments.count == 1, ["help", "-h", "-help", "--help"].contains(first) {
      return ["run", "--help"]
    }
    return arguments.map { $0 == "-hide_banner" || $0 == "-nostdin" ? "" : $0 }.filter { !$0.isEmpty }
  }
}
