import Foundation
import TestSupport
import Testing
import VideoIO

/// Recordings that change in their midst: clocks that restart, streams that go on under another number, streams that begin late.
@Suite struct RecordingTests {
  /// Two recordings of a second each, joined by `cat`.
  private static func joined(_ file: String, _ codecs: String) -> Clip {
    Clip("joined", file, "ff $(v 64x48 25 1) $(a 1) \(codecs) -bf 0 1-$OUT; cat 1-$OUT 1-$OUT > $OUT")
  }

  /// Seconds between the first sound and the first picture, of either half.
  private func offsets(_ path: String) throws -> (first: Double, second: Double, sound: Int) {
    let probe = try Probe(path)
    let pictures = probe.packets(of: 0).compactMap(\.time).sorted(), sound = probe.packets(of: 1).compactMap(\.time)
    let (video, audio) = (pictures.count / 2, sound.count / 2)
    return (pictures[0] - sound[0], pictures[video] - sound[audio], sound.count)
  }

  @Test(
    arguments: [
      joined("c.ts", "$x264 -c:a mp2"), joined("c.mpg", "-c:v mpeg2video -q:v 3 -c:a mp2 -f vob"),
      joined("c.mkv", "$x264 -c:a mp2"),
    ], [false, true])
  func allStreamsMoveByOneOffset(_ clip: Clip, throughAPipe: Bool) throws {
    let input = try clip.make()
    let folder = try ScratchFolder()
    let output = folder.path("out.mkv")
    let single = input.replacingOccurrences(of: clip.fileName, with: "1-" + clip.fileName)
    let parts = try Probe(single)
    var result: Transcode.Result?
    if throughAPipe {
      let pipe = folder.path("pipe")
      #expect(mkfifo(pipe, 0o600) == 0)
      try Tool.beside("cat '\(input)' > '\(pipe)'") { result = try Transcode.identity(pipe, output) }
    } else {
      result = try Transcode.identity(input, output)
    }
    #expect(result!.summary.frames == 2 * parts.packets(of: 0).count)
    let offsets = try offsets(output)
    #expect(offsets.sound == 2 * parts.packets(of: 1).count)
    #expect(abs(offsets.first - offsets.second) < 0.0031, "\(offsets)")
    let times = try Probe(output).packets(of: 0).compactMap(\.time).sorted()
    let gap = times[times.count / 2] - times[times.count / 2 - 1]
    #expect(gap > 0.02 && gap < 0.15, "the second part follows the first: \(gap)")
    if !throughAPipe {
      let info = try VideoReader(path: input).info
      _ = try Verification(of: output, against: info, plan: result!.plan, written: result!.summary.frames)
    }
  }

  private static let change =
    "ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a mp2 1.ts; ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a mp2 -mpegts_start_pid 0x200"

  @Test(arguments: ["-output_ts_offset 1", ""]) func whatGoesOnUnderAnotherNumberIsOneStream(_ clock: String) throws {
    let input = try Clip(
      "pid change", "c.ts", "\(Self.change) \(clock) 2.ts; cat 1.ts 2.ts > $OUT"
    ).make()
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.mkv"))
    #expect(result.summary.frames == 50 && result.repaired == 0, "\(result.notes)")
    let probe = try Probe(folder.path("out.mkv"))
    #expect(probe.streams.map(\.codec_type) == ["video", "audio"])
    #expect(try probe.packets(of: 1).count == Probe(input).packets.count - 50)
    let times = probe.packets(of: 0).compactMap(\.time).sorted()
    #expect(zip(times.dropFirst(), times).allSatisfy { abs($0 - $1 - 0.04) < 0.0311 }, "\(times)")
    let offsets = try offsets(folder.path("out.mkv"))
    #expect(abs(offsets.first - offsets.second) < 0.03, "\(offsets)")
    let info = try VideoReader(path: input).info
    _ = try Verification(of: folder.path("out.mkv"), against: info, plan: result.plan, written: 50)
  }

  @Test func aChangeThatCannotBeFollowedIsRefused() throws {
    let input = try Clip(
      "pid change piped", "c.ts", "\(Self.change) -output_ts_offset 1 2.ts; cat 1.ts 2.ts > $OUT"
    ).make()
    let folder = try ScratchFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    try Tool.beside("cat '\(input)' > '\(pipe)'") {
      let error = #expect(throws: VideoError.self) { try Transcode.identity(pipe, folder.path("out.mkv")) }
      #expect(error?.description.contains("changes to another video stream") == true, "\(String(describing: error))")
    }
    let other = try Clip(
      "codec change", "c.ts",
      "ff $(v 64x48 25 1) $x264 -bf 0 1.ts; ff $(v 64x48 25 1) -c:v mpeg2video -bf 0 -output_ts_offset 1 -mpegts_start_pid 0x200 2.ts; cat 1.ts 2.ts > $OUT"
    ).make()
    let error = #expect(throws: VideoError.self) { try Transcode.identity(other, folder.path("out.mkv")) }
    #expect(error?.description.contains("mpeg2video") == true && error?.place != nil, "\(String(describing: error))")
    #expect(!folder.contents.contains("out.mkv"))
  }

  /// The sound begins when the second part does.
  private static let late = Clip(
    "late sound joined", "c.ts",
    "ff $(v 64x48 25 1) $x264 -bf 0 1.ts; ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a mp2 -output_ts_offset 1 2.ts; cat 1.ts 2.ts > $OUT"
  )

  @Test func aLateStreamIsCopied() throws {
    let input = try Self.late.make()
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.mkv"))
    let sound = try Probe(folder.path("out.mkv")).packets(of: 1)
    #expect(try sound.map(\.data_hash) == Probe(input).packets(of: 1).map(\.data_hash) && sound.count > 40)
    let info = try VideoReader(path: input).info
    #expect(info.streams.count == 2 && info.streams[1].sampleRate == 48000)
    let proof = try Verification(of: folder.path("out.mkv"), against: info, plan: result.plan, written: 50)
    #expect(proof.streams == 1)
    // What earlier versions wrote.
    try Tool.run(
      "ffmpeg",
      ["-nostdin", "-v", "error", "-i", folder.path("out.mkv"), "-map", "0:v", "-c", "copy", folder.path("lost.mkv")])
    let error = #expect(throws: VideoError.self) {
      try Verification(of: folder.path("lost.mkv"), against: info, plan: result.plan, written: 50)
    }
    #expect(error?.description.contains("lacks the source's audio stream 1") == true)
  }

  @Test func aLateStreamFromAPipeIsNamed() throws {
    let input = try Self.late.make()
    let folder = try ScratchFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    try Tool.beside("cat '\(input)' > '\(pipe)'") {
      let result = try Transcode.identity(pipe, folder.path("out.mkv"))
      #expect(result.notes.contains { $0.contains("audio stream") && $0.contains("not copied") }, "\(result.notes)")
    }
  }

  /// Programme streams have no list of their streams at all.
  @Test func aStreamBeyondTheProbeIsFound() throws {
    let input = try Clip(
      "late vob", "c.vob",
      "ff $(v 32x32 25 100) $(a 100) -f lavfi -itsoffset 96 -i sine=d=3 -map 0 -map 1 -map 2 -c:v mpeg2video -g 100 -q:v 20 -bf 0 -c:a mp2 -b:a 32k -f vob $OUT"
    ).make()
    let streams = try VideoReader(path: input).info.streams
    #expect(streams.map(\.kind) == [.video, .audio, .audio] && streams[2].sampleRate > 0)
  }
}
