/// Turns ffmpeg's spellings that the parser cannot hold itself into ours.
enum FamiliarSpelling {
  /// Flags of ffmpeg that ask for what we do anyway.
  private static let needless: Set = ["-hide_banner", "-nostdin", "-nostats"]
  /// ffmpeg's names of standard input and output.
  private static let pipes: Set = ["pipe:", "pipe:0", "pipe:1"]

  /// A bare `help`, `-h` or `--help` shows the page of the command that a bare `vdeblur` runs.
  static func translate(_ arguments: [String]) -> [String] {
    if let first = arguments.first, arguments.count == 1, ["help", "-h", "-help", "--help"].contains(first) {
      return ["run", "--help"]
    }
    if arguments == ["-version"] || arguments == ["version"] { return ["--version"] }
    return arguments.filter { !needless.contains($0) }.map { pipes.contains($0) ? "-" : $0 }
  }
}
