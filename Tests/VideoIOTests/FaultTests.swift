import Foundation
import TestSupport
import Testing
import VideoIO

/// Bad input ends in one clear line or in a whole output, never in a crash, a hang or a leftover.
@Suite struct FaultTests {
  /// What is not a video, and the words that must say so; `|` where releases of FFmpeg recognise it or not.
  private static let strangers: [(name: String, script: String, words: String)] = [
    ("empty.mp4", ": > $OUT", "empty"),
    ("text.mp4", "for i in 1 2 3 4 5 6 7 8; do echo hello; done > $OUT", "text"),
    ("random.mp4", "awk 'BEGIN{srand(7);for(i=0;i<5000;i++)printf \"%c\",int(rand()*255)+1}' > $OUT", "not a video"),
    ("zeros.mp4", "head -c 4096 /dev/zero > $OUT", "zeros"),
    ("folder.mp4", "mkdir $OUT", "folder"),
    ("sound.m4a", "ff $(a 1) -c:a aac $OUT", "no video"),
    (
      "cover.mp3",
      "ff -f lavfi -i color=red:s=32x32 -frames:v 1 c.png; ff $(a 1) -i c.png -map 0 -map 1 -c:a libmp3lame -c:v png -disposition:v attached_pic $OUT",
      "cover"
    ),
    ("noindex.mp4", "ff $(v 96x64 25 1) $x264 c.mp4; head -c 6000 c.mp4 > $OUT", "index (moov)"),
    (
      "list.mp4",
      "printf '#EXTM3U\\n#EXT-X-TARGETDURATION:1\\n#EXTINF:1,\\nfile:///etc/passwd\\n#EXT-X-ENDLIST\\n' > $OUT",
      "hls|text file"
    ),
    ("concat.mp4", "printf 'ffconcat version 1.0\\nfile /etc/passwd\\n' > $OUT", "concat"),
    (
      "dash.mp4",
      "printf '<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\"></MPD>' > $OUT",
      "dash"
    ),
    ("huge.y4m", "printf 'YUV4MPEG2 W100000 H100000 F25:1\\nFRAME\\n' > $OUT", ":"),
    (
      "bomb.y4m", "printf 'YUV4MPEG2 W16000 H16000 F25:1 C444p16\\nFRAME\\n' > $OUT; head -c 100000 /dev/zero >> $OUT",
      "memory limit"
    ),
    ("headeronly.mkv", "ff $(v 96x64 25 1) $x264 c.mkv; head -c 700 c.mkv > $OUT", ":"),
    (
      "encrypted.mp4",
      "ff $(v 96x64 25 1) $x264 -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8 $OUT",
      "encrypted"
    ),
  ]

  @Test(arguments: strangers.indices) func strangersAreNamed(_ index: Int) throws {
    let stranger = Self.strangers[index]
    let input = try Clip(stranger.name, stranger.name, stranger.script).make()
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path("out.mkv")) }
    let line = error?.description ?? ""
    #expect(stranger.words.split(separator: "|").contains { line.contains($0) }, "\(line)")
    #expect(line.hasPrefix(input) && !line.contains("\n"))
    #expect(folder.contents.isEmpty)
  }

  @Test func missingFileIsNamed() {
    let error = #expect(throws: VideoError.self) { _ = try VideoReader(path: "/no/such/file.mp4") }
    #expect(error?.description == "/no/such/file.mp4: no such file; check the path")
  }

  @Test func sizeChangeIsRefusedWithItsTime() throws {
    let input = try Clip(
      "size change", "c.ts",
      "ff $(v 96x64 25 1) $x264 a.ts; ff $(v 64x48 25 1) $x264 -output_ts_offset 1 b.ts; cat a.ts b.ts > $OUT"
    ).make()
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path("out.mkv")) }
    #expect(error?.description.contains("changes from 96×64") == true)
    #expect(error?.place != nil)
    #expect(folder.contents.isEmpty)
  }

  /// What a file states once must hold to its end: colours and pixel shape too.
  @Test(arguments: [
    ("colour coding", "-colorspace bt709", "-colorspace smpte170m"),
    ("shape of its pixels", "-vf setsar=1", "-vf setsar=4/3"),
  ])
  func otherChangesAreRefusedWithTheirTime(_ what: String, _ first: String, _ second: String) throws {
    let input = try Clip(
      "change of \(what)", "c.ts",
      "ff $(v 96x64 25 0.4) \(first) $x264 a.ts; ff $(v 96x64 25 0.4) \(second) $x264 -output_ts_offset 0.4 b.ts; cat a.ts b.ts > $OUT"
    ).make()
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path("out.mkv")) }
    #expect(error?.description.contains(what) == true && error?.place != nil, "\(String(describing: error))")
    #expect(folder.contents.isEmpty)
  }

  @Test(arguments: ["mp4", "mkv", "ts"]) func truncatedAnywhere(_ kind: String) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: source(kind)))
    let folder = try ScratchFolder()
    var kept = 0
    for part in 1..<16 {
      let input = folder.path("cut.\(kind)")
      try whole.prefix(whole.count * part / 16).write(to: URL(fileURLWithPath: input))
      kept += try outcome(input, folder)
    }
    // With the index in front, or none needed, what is there is kept.
    #expect(kept > 60)
  }

  @Test(arguments: ["mp4", "mkv", "ts", "avi", "nut"]) func damagedAnywhere(_ kind: String) throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: source(kind)))
    let folder = try ScratchFolder()
    let cases = Int(ProcessInfo.processInfo.environment["VDEBLUR_DAMAGE_CASES"] ?? "") ?? 60
    var random = SeededGenerator(seed: UInt64(kind.utf8.reduce(7) { $0 * 31 + Int($1) }))
    for round in 0..<cases {
      var bytes = [UInt8](whole)
      switch round % 3 {
      case 0: for _ in 0..<(1 << random.below(7)) { bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8)) }
      case 1:
        let start = random.below(bytes.count), length = min(bytes.count - start, 1 + random.below(4096))
        for i in start..<(start + length) { bytes[i] = 0 }
      default:
        let start = random.below(bytes.count), length = min(bytes.count - start, 1 + random.below(4096))
        bytes.insert(contentsOf: bytes[start..<(start + length)], at: start)
      }
      let input = folder.path("damaged.\(kind)")
      try Data(bytes).write(to: URL(fileURLWithPath: input))
      _ = try outcome(input, folder)
    }
  }

  /// Frames written, or 0 for a clear refusal; fails on anything else.
  private func outcome(_ input: String, _ folder: ScratchFolder) throws -> Int {
    let before = try Data(contentsOf: URL(fileURLWithPath: input))
    let output = folder.path("out.mkv")
    defer { try? FileManager.default.removeItem(atPath: output) }
    var frames = 0
    do {
      let result = try Transcode.identity(input, output) { $0.codec = "ffv1" }
      frames = result.summary.frames
      #expect(frames > 0)
      #expect(folder.contents.contains("out.mkv"))
    } catch let error as VideoError {
      #expect(!error.description.contains("\n") && !error.problem.isEmpty)
      #expect(!folder.contents.contains("out.mkv"))
    }
    #expect(!folder.contents.contains { $0.contains(".part") })
    #expect(try Data(contentsOf: URL(fileURLWithPath: input)) == before)
    return frames
  }

  private func source(_ kind: String) throws -> String {
    let more = kind == "mp4" ? "-movflags faststart" : kind == "avi" ? "-bf 0" : ""
    return try Clip("damage", "c.\(kind)", "ff $(v 64x48 25 0.8) $(a 0.8) $x264 -g 5 -c:a mp2 \(more) $OUT")
      .make()
  }
}
