import Foundation
import TestSupport

/// A folder with the clips that the documentation speaks of, where its commands run.
struct Sandbox {
  private let folder: ScratchFolder

  /// Clips that the pages take as given: 16 s, long enough for every time that they name.
  private static let clips = [
    "in.mp4", "in.mkv", "in.mov", "sharp.mp4", "blurred.mp4", "clips/one.mp4", "clips/two.mp4",
  ]

  /// Programs of others that the pages pipe into. Each reads its input to the end and fails if it holds no picture.
  private static let consumers = [
    "ffplay": "ffmpeg -v error -i - -map 0:v -f null -",
    "mpv": "ffmpeg -v error -i - -map 0:v -f null -",
    "x264": "ffmpeg -v error -f yuv4mpegpipe -i - -f null -",
    "SvtAv1EncApp": "ffmpeg -v error -f yuv4mpegpipe -i - -f null -",
    "jq": "grep -q '{'",
  ]

  /// What all of them hold.
  private static let clip = Clip(
    "documented", "in.mp4",
    "ff -f lavfi -i testsrc2=size=64x64:rate=4:duration=16 -f lavfi -i sine=duration=16 "
      + "-c:v libx264 -pix_fmt yuv420p -c:a aac $OUT")

  init() throws {
    folder = try ScratchFolder()
    let files = FileManager.default
    for name in ["clips", ".bin"] {
      try files.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
    }
    for name in Self.clips { try files.copyItem(atPath: Self.clip.make(), toPath: folder.path(name)) }
    for (name, body) in Self.consumers {
      let path = folder.path(".bin/\(name)")
      try "#!/bin/bash\nexec \(body)\n".write(toFile: path, atomically: true, encoding: .utf8)
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    try files.createSymbolicLink(atPath: folder.path(".bin/vdeblur"), withDestinationPath: Program.path)
  }

  /// Runs a script; it fails at its first failing command. Errors lie among the output.
  func run(_ script: String) throws -> (status: Int32, output: String) {
    let result = try Program.shell(
      "exec 2>&1; set -euo pipefail; PATH=\"$PWD/.bin:$PATH\"\n\(script)", folder: folder, seconds: 300)
    return (result.status, result.text)
  }
}
