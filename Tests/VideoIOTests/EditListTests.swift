import Foundation
import TestSupport
import Testing
import VideoIO

/// Edit lists with several pieces, and such that end sound early: what is cut out is neither seen nor heard, and sound stays with its picture.
@Suite struct EditListTests {
  private static let base = Clip(
    "edited", "c.mp4",
    "ff $(v 64x48 25 4) -f lavfi -i \"aevalsrc='sin(2*PI*(300*t+150*t*t))':s=48000:d=4\" $x264 -bf 0 -g 10 -c:a aac $OUT"
  )

  /// The film from 1 s to 2 s, then from 3 s to 4 s; the movie's clock has milliseconds.
  private func twoPieces(_ folder: ScratchFolder) throws -> String {
    let path = folder.path("two.mp4")
    try EditList.write(
      [[(1000, 12800), (1000, 38400)], [(1000, 48000), (1000, 144000)]], of: Self.base.make(), to: path)
    return path
  }

  @Test(arguments: ["mp4", "mov", "mkv", "ts", "nut"]) func whatIsCutOutIsNotCopied(kind: String) throws {
    let folder = try ScratchFolder()
    let (input, output) = (try twoPieces(folder), folder.path("out.\(kind)"))
    let reader = try VideoReader(path: input)
    #expect(reader.info.video.announcedFrames == 50)
    let result = try Transcode.identity(input, output)
    #expect(result.summary.frames == 50)
    #expect(!result.notes.contains { $0.contains("ends early") }, "\(result.notes)")
    let proof = try Verification(of: output, against: reader.info, plan: result.plan, written: 50)
    let before = try Probe(input), after = try Probe(output)
    let wanted = before.packets(of: 1).filter { $0.flags?.contains("D") == false }
    #expect(wanted.count == 95)
    let found = Array(after.packets(of: 1).suffix(wanted.count))
    if kind != "ts" { #expect(found.map(\.data_hash) == wanted.map(\.data_hash)) }
    // Against the first picture, which lies at 0 in the source.
    let first = try #require(after.packets(of: 0).compactMap(\.time).min())
    for (a, b) in zip(found, wanted) { #expect(abs((a.time ?? 0) - first - (b.time ?? 0)) < 0.0021) }
    #expect(
      proof.packets == after.packets(of: 1).count
        && proof.packets <= wanted.count + (kind == "mp4" || kind == "mov" ? 47 : 5))
    if kind != "mp4", kind != "mov" { #expect(after.packets(of: 1).count == wanted.count) }
  }

  /// Half a second of sound, which ends within a packet.
  @Test(arguments: ["mp4", "mkv", "ts"]) func soundEndsWhereTheListDoes(kind: String) throws {
    let folder = try ScratchFolder()
    let (input, output) = (folder.path("short.mp4"), folder.path("out.\(kind)"))
    try EditList.write([[(4000, 0)], [(44, -1), (500, 1024)]], of: Self.base.make(), to: input)
    let result = try Transcode.identity(input, output)
    let packets = try Probe(output).packets(of: 1)
    let source = try Probe(input).packets(of: 1).filter { $0.flags?.contains("D") == false }
    #expect(packets.suffix(source.count).count == source.count && packets.count <= source.count + 1)
    let start = 0.044
    switch kind {
    case "mp4":
      let track = try Probe(output).streams[1]
      let ends = [track.start_time, track.duration].compactMap { $0.flatMap(Double.init) }.reduce(0, +)
      #expect(abs(ends - start - 0.5) < 0.0011, "\(track)")
    case "mkv":
      let samples =
        try Tool.run(
          "ffmpeg", ["-nostdin", "-v", "quiet", "-i", output, "-map", "0:1", "-f", "s16le", "-ac", "1", "-"]
        ).count / 2
      // The priming that Matroska cannot mark is heard.
      #expect(abs(samples - 24000 - 1024) < 60, "\(samples)")
    default:
      #expect(result.notes.contains { $0.contains("ends with") && $0.contains("hidden sound") }, "\(result.notes)")
    }
    let info = try VideoReader(path: input).info
    _ = try Verification(of: output, against: info, plan: result.plan, written: 100)
  }

  /// Opus in WebM states where its last packet ends.
  @Test func paddingAtTheEndGoesIntoTheIndex() throws {
    let input = try Clip(
      "opus end", "c.webm", "ff $(v 64x48 25 1) $(a 0.71) $vp9 -c:a libopus -b:a 64k $OUT"
    ).make()
    let folder = try ScratchFolder()
    try Transcode.identity(input, folder.path("out.mp4"))
    let track = try #require(Probe(folder.path("out.mp4")).streams[1].duration.flatMap(Double.init))
    #expect(abs(track - 0.71) < 0.0022, "\(track)")
  }

  /// What an earlier version did: all sound after the joint a second late.
  @Test func shiftedSoundAfterAJointIsFound() throws {
    let folder = try ScratchFolder()
    let (input, output) = (try twoPieces(folder), folder.path("out.mp4"))
    let result = try Transcode.identity(input, output)
    let info = try VideoReader(path: input).info
    for (name, shift) in [("late", "2400"), ("early", "-700")] {
      let broken = folder.path("\(name).mp4")
      try Tool.run(
        "ffmpeg",
        [
          "-nostdin", "-v", "error", "-i", output, "-map", "0", "-c", "copy", "-bsf:a",
          "setts=ts=TS+if(gte(TS\\,48000)\\,\(shift)\\,0)", broken,
        ])
      let error = #expect(throws: VideoError.self) {
        try Verification(of: broken, against: info, plan: result.plan, written: 50)
      }
      #expect(error?.description.contains("audio stream 1") == true, "\(String(describing: error))")
    }
  }

  @Test func aSecondVideoWithACutIsRefused() throws {
    let base = try Clip(
      "edited pair", "c.mp4", "ff $(v 64x48 25 4) $(v 48x64 25 4) -map 0 -map 1 $x264 -bf 0 -g 10 $OUT"
    ).make()
    let folder = try ScratchFolder()
    let input = folder.path("pair.mp4")
    try EditList.write([[(2000, 0)], [(1000, 12800), (1000, 38400)]], of: base, to: input)
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path("out.mp4")) }
    #expect(error?.description.contains("--drop-unsupported") == true)
    let result = try Transcode.identity(input, folder.path("out.mp4")) { $0.dropsUnsupported = true }
    #expect(result.notes.contains { $0.contains("cut") })
    #expect(try Probe(folder.path("out.mp4")).streams.count == 1)
  }
}

/// Which of several videos is the film.
@Suite struct MainVideoTests {
  private static let thumbnail =
    "ff -f lavfi -i testsrc2=s=160x120 -frames:v 1 -c:v mjpeg th.mp4; ff $(v 64x48 25 1) $x264 f.mp4"

  @Test(arguments: [
    (
      "thumbnail", "c.mp4",
      "ff -i th.mp4 -i f.mp4 -map 0 -map 1 -c copy -disposition:v:0 0 -disposition:v:1 default $OUT", 1
    ),
    ("thumbnail flagged", "c.mp4", "ff -i th.mp4 -i f.mp4 -map 0 -map 1 -c copy -disposition:v:0 default $OUT", 1),
    ("thumbnail mkv", "c.mkv", "ff -i th.mp4 -i f.mp4 -map 0 -map 1 -c copy $OUT", 1),
    ("thumbnail last", "c.mp4", "ff -i f.mp4 -i th.mp4 -map 0 -map 1 -c copy $OUT", 0),
    (
      "second flagged", "c.mkv",
      "ff -i f.mp4 -i f.mp4 -map 0 -map 1 -c copy -disposition:v:0 0 -disposition:v:1 default $OUT", 1
    ),
    (
      "second a little longer", "c.mkv",
      "ff -i f.mp4 -c copy a.mkv; ff $(v 64x48 25 1.2) $x264 b.mkv; ff -i a.mkv -i b.mkv -map 0 -map 1 -c copy -disposition:v 0 $OUT",
      0
    ),
    (
      "second much longer", "c.mkv",
      "ff -i f.mp4 -c copy a.mkv; ff $(v 64x48 25 3) $x264 b.mkv; ff -i a.mkv -i b.mkv -map 0 -map 1 -c copy -disposition:v 0 $OUT",
      1
    ),
  ])
  func theFilmIsFound(_ name: String, _ file: String, _ script: String, _ index: Int) throws {
    let input = try Clip(name, file, "\(Self.thumbnail); \(script)").make()
    let info = try VideoReader(path: input).info
    #expect(info.video.index == index)
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.mkv"))
    #expect(result.summary.frames >= 25)
    let proof = try Verification(
      of: folder.path("out.mkv"), against: info, plan: result.plan, written: result.summary.frames)
    #expect(proof.streams == 1)
  }

  @Test func anotherCanBeChosen() throws {
    let input = try Clip("pair", "c.mp4", "ff $(v 64x48 25 1) $(v 48x64 25 1) -map 0 -map 1 $x264 $OUT").make()
    var options = ReaderOptions()
    options.videoStream = 1
    #expect(try VideoReader(path: input, options: options).info.video.width == 48)
    options.videoStream = 2
    let error = #expect(throws: VideoError.self) { try VideoReader(path: input, options: options) }
    #expect(error?.description.contains("choose one of these: 0, 1") == true)
  }
}
