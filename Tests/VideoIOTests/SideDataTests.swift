import Foundation
import TestSupport
import Testing
import VideoIO

/// Captions, timecode, descriptions of projection: kept or named, and found missing by `--verify`.
@Suite struct SideDataTests {
  /// H.264 with a caption in every picture: the same message (ATSC A/53) before each slice.
  private func captioned(_ folder: ScratchFolder, _ pixels: String) throws -> String {
    try Tool.run(
      "sh",
      [
        "-ec",
        "ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -c:v libx264 -preset ultrafast -bf 0 -pix_fmt \(pixels) -f h264 '\(folder.path("plain.h264"))'",
      ])
    let plain = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path("plain.h264"))))
    let triple: [UInt8] = [0xFC, 0x94, 0x20]
    let message: [UInt8] = [0xB5, 0, 0x31] + Array("GA94".utf8) + [3, 0xC1, 0xFF] + triple + [0xFF]
    let unit: [UInt8] = [0, 0, 0, 1, 6, 4, UInt8(message.count)] + message + [0x80]
    var bytes: [UInt8] = [], i = 0
    while i < plain.count {
      if i + 4 < plain.count, Array(plain[i..<(i + 3)]) == [0, 0, 1], [1, 5].contains(plain[i + 3] & 31) {
        bytes += unit
      }
      bytes.append(plain[i])
      i += 1
    }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("cc.h264")))
    let path = folder.path("cc.mp4")
    try Tool.run("ffmpeg", ["-nostdin", "-v", "error", "-r", "25", "-i", folder.path("cc.h264"), "-c", "copy", path])
    return path
  }

  /// Pictures that carry captions.
  private func captions(_ path: String) throws -> Int {
    let text = try Tool.run("ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_frames", path])
    return String(decoding: text, as: UTF8.self).components(separatedBy: "ATSC A53 Part 4").count - 1
  }

  @Test(arguments: [("yuv420p", "libx264"), ("yuv420p10le", "libx265"), ("yuv420p", "libx265")])
  func captionsAreKept(_ pixels: String, _ encoder: String) throws {
    let folder = try ScratchFolder()
    let input = try captioned(folder, pixels)
    #expect(try captions(input) == 10)
    let output = folder.path("out.mp4")
    let result = try Transcode.identity(input, output) {
      $0.codec = encoder
      $0.preset = "ultrafast"
    }
    #expect(try captions(output) == 10)
    let info = try VideoReader(path: input).info
    _ = try Verification(of: output, against: info, plan: result.plan, written: 10)
    // The same pictures without them.
    let bare = folder.path("bare.mp4")
    let type = encoder == "libx264" ? 6 : 39
    try Tool.run(
      "ffmpeg",
      ["-nostdin", "-v", "error", "-i", output, "-c", "copy", "-bsf:v", "filter_units=remove_types=\(type)", bare])
    #expect(try captions(bare) == 0)
    let error = #expect(throws: VideoError.self) {
      try Verification(of: bare, against: info, plan: result.plan, written: 10)
    }
    #expect(error?.description.contains("closed captions") == true, "\(String(describing: error))")
  }

  @Test func captionsThatAreLostAreNamed() throws {
    let folder = try ScratchFolder()
    let result = try Transcode.identity(try captioned(folder, "yuv420p"), folder.path("out.mkv")) { $0.codec = "ffv1" }
    #expect(result.notes.count { $0.contains("closed captions") } == 1, "\(result.notes)")
  }

  private static let timecoded = Clip(
    "timecode vfr", "c.mov",
    "ff $(v 64x48 30 2) $x264 -bf 0 -vf \"select='not(mod(n,3))+not(mod(n,7))'\" -fps_mode vfr -enc_time_base 1/30000 t.mov; ff -i t.mov -c copy -timecode 01:00:00:00 $OUT"
  )
  private static let constant = Clip("timecode", "c.mov", "ff $(v 64x48 25 3) $x264 -timecode 01:00:00:00 $OUT")

  private func timecodes(_ path: String) throws -> Set<String> {
    Set(try Probe(path).streams.compactMap { $0.tags?.first { $0.key.lowercased() == "timecode" }?.value })
  }

  @Test(arguments: ["mov", "mp4", "mkv"]) func timecodeIsKept(_ kind: String) throws {
    let folder = try ScratchFolder()
    let output = folder.path("out.\(kind)"), input = try Self.timecoded.make()
    let result = try Transcode.identity(input, output)
    #expect(try timecodes(output) == ["01:00:00:00"])
    let info = try VideoReader(path: input).info
    let frames = result.summary.frames
    _ = try Verification(of: output, against: info, plan: result.plan, written: frames)
    for (name, options) in [
      ("without", ["-map", "0:v", "-metadata:s:v", "timecode=", "-write_tmcd", "0"]),
      ("other", ["-map", "0:v", "-metadata:s:v", "timecode=01:00:00:07"]),
    ] where kind == "mp4" {
      let broken = folder.path("\(name).mp4")
      try Tool.run("ffmpeg", ["-nostdin", "-v", "error", "-i", output, "-c", "copy"] + options + [broken])
      let error = #expect(throws: VideoError.self) {
        try Verification(of: broken, against: info, plan: result.plan, written: frames)
      }
      #expect(error?.description.contains("timecode") == true, "\(name): \(String(describing: error))")
    }
  }

  @Test func timecodeMovesWithTheBeginning() throws {
    let folder = try ScratchFolder()
    let segment = Segment(start: 1.2, end: 1.6)
    let result = try Transcode.identity(Self.constant.make(), folder.path("out.mov"), segment: segment)
    #expect(try timecodes(folder.path("out.mov")) == ["01:00:01:05"])
    var options = ReaderOptions()
    options.segment = segment
    let info = try VideoReader(path: Self.constant.make(), options: options).info
    _ = try Verification(of: folder.path("out.mov"), against: info, plan: result.plan, written: 10)
    let named = try Transcode.identity(Self.constant.make(), folder.path("out.ts"))
    #expect(named.notes.contains { $0.contains("loses the timecode") }, "\(named.notes)")
  }

  @Test(arguments: ["mov", "m4v"]) func descriptionsThatAreLostAreNamed(_ kind: String) throws {
    let input = try Clip(
      "stereo", "c.mkv", "ff $(v 96x64 25 0.4) $x264 -metadata:s:v stereo_mode=left_right $OUT"
    ).make()
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.\(kind)"))
    #expect(result.notes.contains { $0.contains("stereo description") }, "\(result.notes)")
  }

  /// Kept where nothing names it as lost; an output without it is no true one.
  @Test(arguments: ["mp4", "mkv"]) func descriptionsThatAreMissingAreFound(_ kind: String) throws {
    let input = try Clip(
      "stereo", "c.mkv", "ff $(v 96x64 25 0.4) $x264 -metadata:s:v stereo_mode=left_right $OUT"
    ).make()
    let folder = try ScratchFolder()
    let output = folder.path("out.\(kind)"), bare = folder.path("bare.\(kind)")
    let result = try Transcode.identity(input, output)
    #expect(!result.notes.contains { $0.contains("stereo") }, "\(result.notes)")
    let info = try VideoReader(path: input).info
    _ = try Verification(of: output, against: info, plan: result.plan, written: 10)
    // FFmpeg copies it into neither unasked.
    try Tool.run(
      "ffmpeg", ["-nostdin", "-v", "error", "-i", output, "-c", "copy", "-f", "mp4", folder.path("between.mp4")])
    try Tool.run("ffmpeg", ["-nostdin", "-v", "error", "-i", folder.path("between.mp4"), "-c", "copy", bare])
    let error = #expect(throws: VideoError.self) {
      try Verification(of: bare, against: info, plan: result.plan, written: 10)
    }
    #expect(error?.description.contains("stereo description") == true, "\(String(describing: error))")
  }

  /// Of the arrangements for two eyes MP4 has names for two.
  @Test func anArrangementThatMP4CannotNameIsSaid() throws {
    let input = try Clip(
      "stereo columns", "c.mkv",
      "ff $(v 96x64 25 0.4) $x264 -metadata:s:v stereo_mode=col_interleaved_rl $OUT"
    ).make()
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.mp4"))
    #expect(result.notes.contains { $0.contains("stereo description") }, "\(result.notes)")
    let info = try VideoReader(path: input).info
    _ = try Verification(of: folder.path("out.mp4"), against: info, plan: result.plan, written: 10)
  }
}
