import Foundation
import TestSupport
import Testing

@testable import VideoIO

/// What need not be refused is done, and what must be is refused beforehand in true words.
@Suite struct RefusalTests {
  private func plan(_ input: String, _ output: String, edit: (inout WriterOptions) -> Void = { _ in }) throws
    -> OutputPlan
  {
    var options = WriterOptions()
    edit(&options)
    return try OutputPlan(for: VideoReader(path: input).info, path: output, options: options)
  }

  private static let odd = Clip(
    "odd", "c.mkv", "ff $(v 98x66 25 0.2) -vf crop=97:65:exact=1 -c:v ffv1 -pix_fmt yuv420p $OUT")

  @Test(arguments: [
    ("a.mp4", "libvpx-vp9"), ("a.webm", "libvpx-vp9"), ("a.mkv", "libvpx-vp9"), ("a.nut", "libvpx-vp9"),
    ("a.avi", "ffv1"),
  ])
  func oddSidesGetAnEncoderThatTakesThem(_ output: String, _ encoder: String) throws {
    let input = try Self.odd.make()
    #expect(try plan(input, output).encoder == encoder)
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path(output))
    #expect(result.plan.encoder == encoder && result.summary.frames == 5)
    let video = try #require(try Probe(folder.path(output)).video)
    #expect(video.width == 97 && video.height == 65 && video.pix_fmt == "yuv420p")
  }

  @Test(arguments: [("a.ts", nil), ("a.mov", nil), ("a.mp4", "libx264"), ("a.mp4", "libx265")] as [(String, String?)])
  func oddSidesAreRefusedBeforehandWhereNoEncoderTakesThem(_ output: String, _ codec: String?) throws {
    let input = try Self.odd.make()
    let error = #expect(throws: VideoError.self) { _ = try plan(input, output) { $0.codec = codec } }
    #expect(error?.kind == .unsupported)
    #expect(error?.description.contains("pictures of 97×65") == true, "\(String(describing: error))")
  }

  /// x265 3.5 writes outside its memory there.
  @Test(arguments: [34, 40, 48, 63])
  func smallPicturesAreKeptFromX265(side: Int) throws {
    let even = side / 2 * 2
    let input = try Clip(
      "small", "c.mkv", "ff $(v \(even)x\(even) 25 0.2) -c:v ffv1 -pix_fmt yuv420p10le $OUT"
    ).make()
    #expect(try plan(input, "a.mp4").encoder == "libx264")
    let error = #expect(throws: VideoError.self) { _ = try plan(input, "a.mp4") { $0.codec = "libx265" } }
    #expect(error?.description.contains("does not take") == true)
  }

  @Test(arguments: ["mkv", "mp4", "avi"]) func colourSamplesOf8BitsBecomeH264(_ container: String) throws {
    let input = try Clip("rgb", "c.mkv", "ff $(v 96x64 25 0.2) -c:v ffv1 -pix_fmt bgr0 $OUT").make()
    #expect(try plan(input, "a.\(container)").encoder == "libx264rgb")
  }

  /// What a container is said to hold is what it holds.
  @Test func adviceNamesContainersThatTakeTheSound() throws {
    let folder = try ScratchFolder()
    let g711 = try Clip(
      "g711", "c.mkv", "ff $(v 96x64 25 0.4) $(a 0.4) $x264 -c:a pcm_mulaw -ar 8000 $OUT"
    ).make()
    let error = #expect(throws: VideoError.self) { _ = try plan(g711, "a.mp4") }
    #expect(error?.remedy == "write .mkv or .mov, or leave such streams out (--drop-unsupported)")
    for home in ["mkv", "mov"] { _ = try Transcode.identity(g711, folder.path("a.\(home)")) }
    let text = try Clip(
      "text", "c.mp4",
      "printf '1\\n00:00:00,000 --> 00:00:00,300\\nEins\\n' > s.srt; ff $(v 96x64 25 0.4) -i s.srt $x264 -c:s mov_text $OUT"
    ).make()
    let refusal = #expect(throws: VideoError.self) { _ = try plan(text, "a.mkv") }
    #expect(refusal?.remedy?.hasPrefix("write .mov or .mp4, or") == true, "\(String(describing: refusal))")
  }

  /// Sound of which FFmpeg knows no more than the tag: no container is said to take it.
  @Test(arguments: ["mkv", "mov", "mp4"]) func soundWithoutAName(_ container: String) throws {
    let input = try Clip(
      "apac", "c.mov",
      """
      { printf '#!AMR\\n'; for i in 1 2 3 4 5 6 7 8 9 10; do printf '\\074'; head -c 31 /dev/zero; done; } > a.amr
      ff $(v 96x64 25 0.2) -i a.amr -map 0 -map 1 $x264 -c:a copy t.mov; LC_ALL=C sed 's/samr/apac/' t.mov > $OUT
      """
    ).make()
    let error = #expect(throws: VideoError.self) { _ = try plan(input, "a.\(container)") }
    #expect(error?.problem.hasSuffix("audio stream 1 ('apac')") == true, "\(String(describing: error))")
    #expect(error?.remedy == "leave such streams out (--drop-unsupported)")
    #expect(try plan(input, "a.\(container)") { $0.dropsUnsupported = true }.treatments[1] != .copied)
  }

  /// Whole pictures that their encoder flagged as pairs of fields.
  @Test func wholePicturesWithTheFlagOfFields() throws {
    let input = try Clip(
      "flagged", "c.mp4", "ff $(v 96x64 25 0.4) -c:v libx264 -preset ultrafast -x264-params tff=1 $OUT"
    ).make()
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) { _ = try Transcode.identity(input, folder.path("a.mp4")) }
    #expect(error?.remedy?.contains("bwdif=mode=send_frame") == true)
    #expect(error?.remedy?.contains("--progressive") == true)
    let result = try Transcode.identity(input, folder.path("b.mp4"), progressive: true)
    #expect(result.summary.frames == 10)
    let output = try VideoReader(path: folder.path("b.mp4"))
    #expect(!output.info.video.isInterlaced)
    var options = ReaderOptions()
    options.isProgressive = true
    let source = try VideoReader(path: input, options: options).info
    _ = try Verification(of: folder.path("b.mp4"), against: source, plan: result.plan, written: 10)
  }

  /// Cameras that write fragments leave the length open, which FFmpeg takes for 143,165 s.
  @Test func lengthLeftOpen() throws {
    let input = try Clip(
      "open", "c.mp4", "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac -movflags frag_keyframe+empty_moov $OUT"
    ).make()
    let folder = try ScratchFolder()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: input))
    for box in ["mvhd", "mdhd"] {
      var from = bytes.startIndex
      while let place = bytes.range(of: Data(box.utf8), in: from..<bytes.endIndex) {
        bytes.replaceSubrange(place.upperBound + 16..<place.upperBound + 20, with: Data(repeating: 0xFF, count: 4))
        from = place.upperBound
      }
    }
    try bytes.write(to: folder.url.appendingPathComponent("in.mp4"))
    let info = try VideoReader(path: folder.path("in.mp4")).info
    #expect(info.duration == nil && info.video.duration == nil && info.estimatedFrames == nil)
    for container in ["mp4", "mkv"] {
      let result = try Transcode.identity(folder.path("in.mp4"), folder.path("out.\(container)"))
      #expect(result.summary.frames == 25)
    }
    let end = try #require(try Probe(folder.path("out.mp4")).video?.duration.flatMap(Double.init))
    #expect(abs(end - 1) < 0.001)
  }

  /// The times are the clip's, which begins at 10 s of its container's clock; the parts that the message names can be processed.
  @Test func partsAroundAChangeOfSize() throws {
    let input = try Clip(
      "parts", "c.ts",
      "ff $(v 96x64 25 1) -c:v mpeg2video -bf 0 -output_ts_offset 10 a.ts; ff $(v 64x48 25 2) -c:v mpeg2video -bf 0 -output_ts_offset 11 b.ts; cat a.ts b.ts > $OUT"
    ).make()
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) { _ = try Transcode.identity(input, folder.path("a.mkv")) }
    let cut = try #require(error?.place?.split(separator: " ").dropFirst().first.flatMap { Double($0) })
    #expect(cut == 1)
    #expect(error?.remedy == "process the parts one by one: --end 1.000, then --start 1.000")
    let first = try Transcode.identity(input, folder.path("b.mkv"), segment: Segment(end: cut))
    let second = try Transcode.identity(input, folder.path("c.mkv"), segment: Segment(start: cut))
    // FFmpeg's decoder gives up the last picture before the change.
    let shown = try Probe.frames(input, stream: 0).count
    #expect(first.summary.frames + second.summary.frames == shown && second.summary.frames == 50)
    #expect(try Probe(folder.path("b.mkv")).video?.width == 96)
    #expect(try Probe(folder.path("c.mkv")).video?.width == 64)
    let across = #expect(throws: VideoError.self) {
      _ = try Transcode.identity(input, folder.path("d.mkv"), segment: Segment(start: 0.5, end: 1.5))
    }
    #expect(across?.place == "at 1.000 s")
  }
}

/// Samples and packets in the form that the other side expects.
@Suite struct LevelTests {
  private func grey(_ path: String) throws -> [UInt8] {
    [UInt8](
      try Tool.run(
        "ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo", "-"]))
  }

  @Test(arguments: ["mp4", "mkv", "avi"]) func untaggedGreyKeepsItsLevels(_ container: String) throws {
    let input = try Clip("grey", "c.avi", "ff $(v 96x64 25 0.2) -vf format=gray -c:v rawvideo $OUT").make()
    let folder = try ScratchFolder()
    _ = try Transcode.identity(input, folder.path("a.\(container)"))
    let (before, after) = (try grey(input), try grey(folder.path("a.\(container)")))
    try #require(before.count == after.count)
    let error = zip(before, after).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(before.count)
    #expect(error < 1.5, "levels differ by \(error)")
  }

  /// Words beyond the largest value of 10 bits.
  @Test(arguments: ["gbrp10le", "yuv422p10le"]) func samplesBeyondTheirDepthAreTheBrightest(_ format: String) throws {
    let folder = try ScratchFolder()
    let planes = format.hasPrefix("gbr") ? 3 : 2
    let words = [UInt16](repeating: 1030, count: 32 * 32 * planes)
    try words.withUnsafeBytes { Data($0) }.write(to: folder.url.appendingPathComponent("words"))
    try Tool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "error", "-f", "rawvideo", "-pix_fmt", format, "-s", "32x32", "-i", folder.path("words"),
        "-c:v", "rawvideo", folder.path("in.nut"),
      ])
    for isRead in [false, true] {
      let reader = try VideoReader(path: folder.path("in.nut"))
      var options = WriterOptions()
      options.codec = "ffv1"
      let writer = try VideoWriter(path: folder.path("out.mkv"), source: reader.info, options: options, overwrite: true)
      while let item = try reader.next() {
        guard case .frame(let frame) = item else { continue }
        guard isRead else {
          try writer.write(frame)
          continue
        }
        let converter = try PixelConverter(for: frame)
        var rgb = [Float](repeating: 0, count: 32 * 32 * 3)
        var pixels = rgb.mutableSpan
        try converter.read(frame, into: &pixels)
        try writer.write(converter.write(rgb.span, like: frame))
      }
      _ = try writer.finish()
      let data = try Tool.run(
        "ffmpeg",
        ["-nostdin", "-v", "error", "-i", folder.path("out.mkv"), "-pix_fmt", format, "-f", "rawvideo", "-"])
      let samples = data.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
      #expect(samples.count == words.count && samples.allSatisfy { $0 == 1023 }, "\(samples.prefix(4))")
    }
  }

  @Test(arguments: ["a.m2ts", "a.MTS", "a.ts"]) func bluRayPacketsCarryATime(_ name: String) throws {
    let input = try Clip("plain", "c.mp4", "ff $(v 96x64 25 0.4) $(a 0.4) $x264 -c:a ac3 $OUT").make()
    let folder = try ScratchFolder()
    _ = try Transcode.identity(input, folder.path(name))
    let bytes = try Data(contentsOf: folder.url.appendingPathComponent(name))
    let (first, size) = name.hasSuffix(".ts") ? (0, 188) : (4, 192)
    #expect(bytes.count % size == 0 && (0..<bytes.count / size).allSatisfy { bytes[first + $0 * size] == 0x47 })
  }

  /// MXF has the samples of a frame in a packet, MOV as many as it likes.
  @Test(arguments: ["mov", "mkv", "avi"]) func uncompressedSoundIsComparedAsOneRun(_ container: String) throws {
    let input = try Clip(
      "pcm", "c.mxf",
      "ff $(v 96x64 25 1) $(a 1) -c:v mpeg2video -pix_fmt yuv422p -c:a pcm_s16le $OUT"
    ).make()
    let folder = try ScratchFolder()
    let output = folder.path("a.\(container)")
    let result = try Transcode.identity(input, output)
    let source = try VideoReader(path: input).info
    let proof = try Verification(of: output, against: source, plan: result.plan, written: 25)
    #expect(proof.streams == 1)
    // One sample in the middle is changed.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: output))
    let sound = try Data(contentsOf: URL(fileURLWithPath: Clip.rawSound(input, folder)))
    let middle = sound.subdata(in: 48000..<48064)
    let place = try #require(bytes.range(of: middle)?.lowerBound)
    bytes[place] ^= 1
    try bytes.write(to: URL(fileURLWithPath: output))
    let error = #expect(throws: VideoError.self) {
      _ = try Verification(of: output, against: source, plan: result.plan, written: 25)
    }
    #expect(error?.problem.contains("is changed") == true, "\(String(describing: error))")
  }
}

extension Clip {
  /// The samples of a file's first sound.
  fileprivate static func rawSound(_ path: String, _ folder: ScratchFolder) throws -> String {
    let samples = folder.path("samples")
    try Tool.run(
      "ffmpeg",
      ["-nostdin", "-v", "error", "-y", "-i", path, "-map", "0:a:0", "-c", "copy", "-f", "s16le", samples])
    return samples
  }
}
