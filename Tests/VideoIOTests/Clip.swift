import Foundation
import Testing

/// A small video made by a shell script around ffmpeg, kept between test runs under a name that depends on the script.
struct Clip: Sendable, CustomTestStringConvertible {
  let name: String
  /// The file that the script makes: "$OUT".
  let fileName: String
  /// Extensions or `-f` formats to write; the first is the natural one.
  let outputs: [String]
  let script: String
  /// What this clip is expected to lose, by output.
  var expected = Expectations()

  struct Expectations: Sendable {
    /// Refused with a message that contains these words, by output; a release of FFmpeg after 5.1 may keep everything instead.
    var refusals: [String: String] = [:]
    /// Checks that do not apply to every output of this clip, and why.
    var waived: [Check: String] = [:]
  }

  init(
    _ name: String, _ fileName: String, to outputs: [String], refused: [String: String] = [:],
    waived: [Check: String] = [:],
    _ script: String
  ) {
    self.name = name
    self.fileName = fileName
    self.outputs = outputs
    self.script = script
    expected = Expectations(refusals: refused, waived: waived)
  }

  var testDescription: String { name }

  /// The path of the clip, made now if it is not there yet.
  func make() throws -> String {
    let folder = try Clip.cache()
    let whole = Clip.preamble + "OUT=\"\(fileName)\"\n" + script
    let key = String(
      whole.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    let home = folder.appendingPathComponent("\(key)")
    let file = home.appendingPathComponent(fileName)
    if FileManager.default.fileExists(atPath: file.path) { return file.path }
    let scratch = folder.appendingPathComponent("making-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    try Tool.run("sh", ["-ec", whole], in: scratch)
    // Another test may have made the same clip meanwhile: either is right.
    try? FileManager.default.moveItem(at: scratch, to: home)
    return file.path
  }

  private static func cache() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vdeblur-clips")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
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

/// A property that must survive.
enum Check: String, Sendable, CaseIterable {
  case times, order, end, copied, sound, offset, colour, shape, tags, chapters, streams, sideData, rate
}
