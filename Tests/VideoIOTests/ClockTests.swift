import Foundation
import TestSupport
import Testing
import VideoIO

/// Times that a container cannot count are refused, never moved.
@Suite struct ClockTests {
  /// Pictures 200,000 seconds apart.
  private static let slow = Clip(
    "slow", "c.mkv",
    "ff $(v 96x64 25 0.2) $x264 -bf 0 -vf setpts=N*200000/TB -fps_mode passthrough -enc_time_base 1/1000 $OUT")
  private static let fast = Clip(
    "fast", "c.mp4", "ff $(v 96x64 1000000 0.00002) $x264 -bf 0 -video_track_timescale 1000000 $OUT")

  @Test(arguments: ["mp4", "mov", "ts"]) func stepsThatAreTooLongAreRefused(_ kind: String) throws {
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) {
      try Transcode.identity(Self.slow.make(), folder.path("out.\(kind)"))
    }
    #expect(error?.description.contains("cannot count steps in time of") == true, "\(String(describing: error))")
    #expect(error?.description.contains("write .mkv or .nut") == true)
    #expect(!folder.contents.contains("out.\(kind)"))
  }

  @Test(arguments: ["mkv", "nut"]) func longStepsAreKeptElsewhere(_ kind: String) throws {
    let folder = try ScratchFolder()
    try Transcode.identity(Self.slow.make(), folder.path("out.\(kind)"))
    #expect(try Probe.frameTimes(folder.path("out.\(kind)")) == [0, 200_000, 400_000, 600_000, 800_000])
  }

  @Test(arguments: ["mkv", "webm", "ts", "avi"]) func ratesBeyondTheClockAreRefused(_ kind: String) throws {
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) {
      try Transcode.identity(Self.fast.make(), folder.path("out.\(kind)"))
    }
    #expect(error?.description.contains("1000000 frames a second") == true, "\(String(describing: error))")
  }

  @Test(arguments: ["mp4", "nut"]) func highRatesAreKeptElsewhere(_ kind: String) throws {
    let folder = try ScratchFolder()
    let result = try Transcode.identity(Self.fast.make(), folder.path("out.\(kind)"))
    let info = try VideoReader(path: Self.fast.make()).info
    _ = try Verification(of: folder.path("out.\(kind)"), against: info, plan: result.plan, written: 20)
  }
}

/// Copied sound has the length that it had, where containers count it their own way.
@Suite struct SoundLengthTests {
  /// Where the last packet begins, in seconds.
  private func lastTime(_ path: String) throws -> Double {
    try #require(Probe(path).packets(of: 1).last?.time)
  }

  /// AVI counts blocks or packets; FFmpeg would guess their length from a bit rate that headers state wrongly.
  @Test(arguments: ["adpcm_ima_wav", "adpcm_ms", "adpcm_yamaha", "pcm_mulaw", "ac3", "aac", "mp2"], ["avi", "mkv"])
  func aviKeepsThePace(_ codec: String, _ kind: String) throws {
    let input = try Clip(
      "sound \(codec)", "c.\(kind)", "ff $(v 64x48 25 3) $(a 3) -ar 44100 $x264 -bf 0 -c:a \(codec) $OUT"
    ).make()
    let folder = try ScratchFolder()
    let output = folder.path("out.avi")
    let result = try Transcode.identity(input, output)
    #expect(try abs(lastTime(output) - lastTime(input)) < 0.05)
    let info = try VideoReader(path: input).info
    let proof = try Verification(of: output, against: info, plan: result.plan, written: 75)
    #expect(proof.streams == 1)
  }

  @Test func soundWhosePaceAVICannotSayIsRefused() throws {
    let input = try Clip(
      "sound swf", "c.mkv", "ff $(v 64x48 25 1) $(a 1) -ar 44100 $x264 -bf 0 -c:a adpcm_swf $OUT"
    ).make()
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path("out.avi")) }
    #expect(error?.description.contains("adpcm_swf") == true, "\(String(describing: error))")
  }

  /// Without the size of its blocks, which MOV and NUT do not state, nobody knows how long a packet of it lasts, nor decodes it.
  @Test(arguments: [
    ("wmav2", "c.mov", "out.avi", "does not tell; write .mkv,"), ("wmav2", "c.mkv", "out.nut", "; write .mkv or .avi,"),
    ("adpcm_g726", "c.mkv", "out.nut", "; write .mkv or .avi,"),
  ])
  func soundInBlocksOfUnknownSizeIsRefused(_ codec: String, _ file: String, _ output: String, _ words: String) throws {
    let coder = codec == "wmav2" ? codec : "g726 -ar 8000"
    let input = try Clip("sound \(codec)", file, "ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a \(coder) $OUT").make()
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path(output)) }
    #expect(
      error?.kind == .unsupported && error?.description.contains("audio stream 1 (\(codec))") == true
        && error?.description.contains(words) == true, "\(String(describing: error))")
    let result = try Transcode.identity(input, folder.path(output)) { $0.dropsUnsupported = true }
    #expect(result.notes.contains { $0.contains(codec) && $0.contains("left out") }, "\(result.notes)")
  }

  /// Their muxers have names for these, and refuse them or mix them up.
  @Test(arguments: ["flac", "libopus"]) func movRefusesBeforehandWhatMP4Takes(_ codec: String) throws {
    let input = try Clip("sound \(codec)", "c.mkv", "ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a \(codec) $OUT").make()
    let info = try VideoReader(path: input).info
    let error = #expect(throws: VideoError.self) {
      try OutputPlan(for: info, path: "out.mov", options: WriterOptions())
    }
    #expect(
      error?.kind == .unsupported && error?.description.contains("write .mkv or .mp4,") == true,
      "\(String(describing: error))")
  }

  @Test func nutHasOneNameForTwoKindsOfAC3() throws {
    let input = try Clip("sound eac3", "c.mkv", "ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a eac3 $OUT").make()
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.nut"))
    #expect(result.notes.contains { $0.contains("stream 1 (eac3) for ac3") }, "\(result.notes)")
    let info = try VideoReader(path: input).info
    _ = try Verification(of: folder.path("out.nut"), against: info, plan: result.plan, written: 25)
  }

  @Test func soundThatNoDecoderTakesIsFound() throws {
    let input = try Clip("sound wma", "c.mkv", "ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a wmav2 $OUT").make()
    let folder = try ScratchFolder()
    try Tool.run("ffmpeg", ["-nostdin", "-v", "error", "-i", input, "-c", "copy", folder.path("out.nut")])
    let info = try VideoReader(path: input).info
    let plan = try OutputPlan(for: info, path: folder.path("out.mkv"), options: WriterOptions())
    let error = #expect(throws: VideoError.self) {
      try Verification(of: folder.path("out.nut"), against: info, plan: plan, written: 25)
    }
    #expect(error?.description.contains("no decoder takes it") == true, "\(String(describing: error))")
  }

  /// Sound that begins a little before the pictures moved them: a hole behind the first.
  @Test(arguments: [25, 60]) func aviHasNoHoleBehindTheFirstPicture(_ rate: Int) throws {
    let input = try Clip(
      "early sound", "c.mkv",
      "ff $(v 64x48 \(rate) 1) -itsoffset -0.03 -f lavfi -i sine=r=48000:d=1 $x264 -bf 0 -c:a mp2 $OUT"
    ).make()
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.avi"))
    let info = try VideoReader(path: input).info
    _ = try Verification(of: folder.path("out.avi"), against: info, plan: result.plan, written: rate)
    let times = try Probe(folder.path("out.avi")).packets(of: 0).compactMap(\.time)
    #expect(zip(times, times.dropFirst()).allSatisfy { abs($1 - $0 - 1 / Double(rate)) < 0.001 })
  }

  /// Matroska tells no length of the last packet; MP4 would hide it.
  @Test func theLastPacketIsHeard() throws {
    let input = try Clip("sound alac", "c.mkv", "ff $(v 64x48 25 1) $(a 1.01) $x264 -bf 0 -c:a alac $OUT").make()
    let folder = try ScratchFolder()
    let output = folder.path("out.mp4")
    let result = try Transcode.identity(input, output)
    let samples = try [input, output].map {
      try Tool.run("ffmpeg", ["-nostdin", "-v", "error", "-i", $0, "-map", "0:1", "-f", "s16le", "-"]).count / 2
    }
    #expect(samples == [48480, 48480])
    let info = try VideoReader(path: input).info
    _ = try Verification(of: output, against: info, plan: result.plan, written: 25)
  }

  /// An output in which the sound is not cut where the source's edit list ends it.
  @Test func anEndThatIsNotCutIsFound() throws {
    let base = try Clip(
      "edit end", "c.mp4", "ff $(v 64x48 25 1) $(a 1) $x264 -bf 0 -c:a aac $OUT"
    ).make()
    let folder = try ScratchFolder()
    let (input, output, whole) = (folder.path("in.mp4"), folder.path("out.mp4"), folder.path("whole.mp4"))
    try EditList.write([[(1000, 0)], [(490, 1024)]], of: base, to: input)
    let result = try Transcode.identity(input, output)
    let info = try VideoReader(path: input).info
    _ = try Verification(of: output, against: info, plan: result.plan, written: 25)
    // The same packets, the last one to its end.
    try EditList.write([[(100_000_000, 0)], [(100_000_000, 1024)]], of: output, to: whole)
    let error = #expect(throws: VideoError.self) {
      try Verification(of: whole, against: info, plan: result.plan, written: 25)
    }
    #expect(error?.description.contains("audio stream 1") == true, "\(String(describing: error))")
  }
}
