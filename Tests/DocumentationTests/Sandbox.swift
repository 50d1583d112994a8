import Foundation

/// A folder with the clips that the documentation speaks of, where its commands run. Removed at the end.
struct Sandbox: ~Copyable {
  let folder: URL

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

  /// One clip for all sandboxes; made once.
  private static let clip: URL = {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("vdeblur-docs-\(getpid()).mp4")
    let made = shell(
      """
      ffmpeg -v error -y -f lavfi -i testsrc2=size=64x64:rate=4:duration=16 -f lavfi -i sine=duration=16 \
        -c:v libx264 -pix_fmt yuv420p -c:a aac '\(url.path)'
      """, in: FileManager.default.temporaryDirectory)
    precondition(made.status == 0, "ffmpeg could not make the clip of the documentation: \(made.output)")
    return url
  }()

  init() throws {
    let files = FileManager.default
    folder = files.temporaryDirectory.appendingPathComponent("vdeblur-docs-\(UUID().uuidString)")
    try files.createDirectory(at: folder.appendingPathComponent("clips"), withIntermediateDirectories: true)
    try files.createDirectory(at: folder.appendingPathComponent(".bin"), withIntermediateDirectories: true)
    for name in Self.clips {
      try files.copyItem(at: Self.clip, to: folder.appendingPathComponent(name))
    }
    for (name, body) in Self.consumers {
      let path = folder.appendingPathComponent(".bin/\(name)").path
      try "#!/bin/bash\nexec \(body)\n".write(toFile: path, atomically: true, encoding: .utf8)
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    try files.createSymbolicLink(
      atPath: folder.appendingPathComponent(".bin/vdeblur").path, withDestinationPath: Repository.program)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Runs a script; it fails at its first failing command.
  func run(_ script: String) -> (status: Int32, output: String) {
    Self.shell("set -euo pipefail; PATH=\"$PWD/.bin:$PATH\"\n\(script)", in: folder)
  }

  private static func shell(_ script: String, in folder: URL) -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    do { try process.run() } catch { return (-1, "\(error)") }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
