import Foundation

/// A small video made by a shell script around ffmpeg. It is kept between test runs, in `.build/test-clips`, under a
/// name that depends on the script and on FFmpeg's release: nobody may change it.
package struct Clip: Sendable, CustomStringConvertible {
  package let name: String
  /// The file that the script makes: "$OUT".
  package let fileName: String
  package let script: String

  package init(_ name: String, _ fileName: String, _ script: String) {
    self.name = name
    self.fileName = fileName
    self.script = script
  }

  package var description: String { name }

  /// The path of the clip, made now if it is not there yet. What else the script has made lies beside it.
  package func make() throws -> String {
    let whole = Clip.preamble + "OUT=\"\(fileName)\"\n" + script
    let home = Clip.cache.appendingPathComponent(Clip.key("\(FFmpegRelease.line)\n\(whole)"))
    let file = home.appendingPathComponent(fileName)
    if FileManager.default.fileExists(atPath: file.path) { return file.path }
    try FileManager.default.createDirectory(at: Clip.cache, withIntermediateDirectories: true)
    let scratch = try ScratchFolder()
    try Tool.run("sh", ["-ec", whole], in: scratch)
    // Under its name only when complete. Another test may have made the same clip meanwhile: either is right.
    let copy = Clip.cache.appendingPathComponent("making-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: copy) }
    try FileManager.default.copyItem(at: scratch.url, to: copy)
    try? FileManager.default.moveItem(at: copy, to: home)
    return file.path
  }

  /// The same where nothing may throw: without ffmpeg the tests end here.
  package var path: String {
    do { return try make() } catch { preconditionFailure("ffmpeg could not make the clip '\(name)': \(error)") }
  }

  private static let cache = Repository.root.appendingPathComponent(".build/test-clips")

  /// FNV-1a in hexadecimal.
  private static func key(_ text: String) -> String {
    String(text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
  }

  /// `v SIZE RATE SECONDS` and `a SECONDS` are inputs; `ff` is a quiet ffmpeg; `x264` codes fast with B-frames.
  private static let preamble = """
    ff() { ffmpeg -nostdin -v error -y "$@"; }
    v() { echo "-f lavfi -i testsrc2=s=$1:r=$2:d=$3"; }
    a() { echo "-f lavfi -i sine=f=440:r=48000:d=$1"; }
    x265="-c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none"
    vp9="-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -crf 15 -b:v 0"
    x264="-c:v libx264 -preset ultrafast -crf 18 -bf 2 -g 12 -pix_fmt yuv420p"

    """
}
