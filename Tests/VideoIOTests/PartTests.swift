import Foundation
import TestSupport
import Testing
import VideoIO

/// Parts that were coded apart, joined, are the file of one run, byte for byte.
@Suite struct PartTests {
  /// All clips with VDEBLUR_ALL; else those of odd times, and those with much beside the picture.
  private static let clips: [FidelityClip] = {
    let words = ["chapter", "timecode", "cover", "srt", "sound"]
    let isAll = ProcessInfo.processInfo.environment["VDEBLUR_ALL"] != nil
    return timingClips + contentClips.filter { clip in isAll || words.contains { clip.name.contains($0) } }
      + (isAll ? formatClips : [])
  }()

  @Test(arguments: FidelityTests.cases(clips))
  func joinedAsInOneRun(_ test: FidelityTests.Case) throws {
    guard test.clip.refusals[test.output] == nil, test.output != "fmp4", test.output != "y4m" else { return }
    try compare(test.clip.clip.make(), test.output, length: 7)
  }

  /// Encoders and settings that reorder, each with a scene that ends where a part ends.
  @Test(
    arguments: [
      ("mp4", "libx264", "medium", [:]), ("mkv", "libx264", "medium", ["bf": "5", "b_strategy": "2"]),
      ("mkv", "libx264", "fast", ["x264-params": "b-pyramid=none"]), ("mp4", "libx265", "ultrafast", ["bf": "3"]),
      ("mkv", "libx265", "ultrafast", [:]), ("webm", "libvpx-vp9", "fast", [:]), ("mkv", "ffv1", "medium", [:]),
      ("mkv", "mpeg4", "medium", ["bf": "2", "b": "2M"]), ("mkv", "libsvtav1", "12", [:]),
      ("nut", "libx264", "fast", [:]), ("ts", "libx264", "medium", [:]),
    ] as [(String, String, String, [String: String])])
  func everyEncoder(_ output: String, _ codec: String, _ preset: String, _ extra: [String: String]) throws {
    let edit = { (options: inout WriterOptions) in
      (options.codec, options.extra) = (codec, extra)
      if codec.hasPrefix("lib") { options.preset = preset }
    }
    let path = try cutClip.make()
    for length in [2, 5, 10] { try compare(path, output, length: length, edit: edit) }
  }

  @Test(arguments: [Segment(start: 0.5), Segment(start: 0.2, end: 1.1), Segment(end: 0.75)])
  func segments(_ segment: Segment) throws {
    for (input, output) in [(try cutClip.make(), "mkv"), (try soundClip.make(), "mp4")] {
      try compare(input, output, length: 6, segment: segment)
    }
  }

  /// Decoding every part from the beginning gives the same.
  @Test func withoutSeeking() throws { try compare(cutClip.make(), "mp4", length: 7, seeks: false) }

  @Test func aSinglePartKeepsTheEncodersTimes() throws {
    let folder = try ScratchFolder()
    try Transcode.identity(cutClip.make(), folder.path("out.mkv")) { $0.preset = "medium" }
    let packets = try Probe(folder.path("out.mkv")).packets
    // Two frames of delay (b-pyramid), of 40 ms.
    #expect(packets[0].pts_time == "0.080000" || packets[0].pts_time == "0.000000")
    try checkTimes(folder.path("out.mkv"))
  }

  /// A picture that follows a cut is coded as a key frame, but not as the last of a part: two IDR pictures in a row would carry one number.
  @Test func noPartEndsWithAKeyFrame() throws {
    let folder = try ScratchFolder()
    let source = try VideoReader(path: cutClip.make()).info
    // The scene of this clip changes at its frame 15.
    let parts = try #require(try Parts(of: source, length: 8))
    #expect(parts.lengths == [8, 8, 8, 7, 7] || parts.lengths.reduce(0, +) == 40)
    try Transcode.identity(cutClip.make(), folder.path("out.mp4")) { options in
      (options.parts, options.preset) = (parts, "medium")
    }
    let keys = try output(
      "ffprobe -v error -select_streams v -show_entries packet=pts_time,flags -of csv=p=0 '\(folder.path("out.mp4"))'"
    ).split(separator: "\n").filter { $0.contains("K") }.compactMap { Double($0.split(separator: ",")[0]) }
    for (key, next) in zip(keys, keys.dropFirst()) { #expect(next - key > 0.041, "\(keys)") }
    #expect(keys.count >= parts.count)
  }

  @Test func partsAreDividedWhereTheSourceHasKeyFrames() throws {
    let source = try VideoReader(path: soundClip.make()).info
    let parts = try #require(try Parts(of: source, length: 20))
    // Key frames at every twelfth of 50 frames; the rest is halved.
    #expect(parts.lengths == [12, 12, 13, 13])
    #expect(parts.clock == .ticks && parts.seeks)
    #expect(parts.range(of: 0..<4) == .min ..< .max)
    #expect(parts.part(of: parts.starts[1], number: 0) == 2 && parts.part(of: parts.starts[1] - 1, number: 0) == 1)
  }

  /// Two parts of two clips with the same times, as a decoder that is entered in the wrong place would make them.
  @Test func neighboursMustHaveDecodedTheSame() throws {
    let folder = try ScratchFolder()
    let other = Clip(
      "parts of another", "c.mp4", "ff $(v 96x64 25 2) $(a 2) -vf negate $x264 -c:a aac $OUT")
    let sources = try [soundClip, other].map { try VideoReader(path: $0.make()).info }
    var options = WriterOptions()
    options.preset = "ultrafast"
    options.parts = try Parts(of: sources[0], length: 30)
    let place = { (part: Int) in (path: folder.path("part-\(part)"), address: "\(part)") }
    for part in 0..<2 {
      _ = try make(part..<part + 1, of: sources[part], to: folder.path("out.mp4"), ReaderOptions(), options, place)
    }
    let error = #expect(throws: VideoError.self) {
      try Joining(2, of: sources[0], to: folder.path("out.mp4"), options: options, overwrite: false, place: place)
    }
    #expect(error?.description.contains("does not fit to") == true, "\(String(describing: error))")
    #expect(folder.contents == ["part-0", "part-1"])
  }

  private let cutClip = Clip(
    "parts with a cut", "c.mkv",
    "ff $(v 96x64 25 0.6) -f lavfi -i mandelbrot=s=96x64:r=25:start_scale=0.6 -filter_complex "
      + "'[1]trim=end=1,setpts=PTS-STARTPTS[m];[0][m]concat=n=2,format=yuv420p,setsar=1' $x264 -bf 3 -g 9 $OUT")
  private let soundClip = Clip(
    "parts with sound", "c.mp4", "ff $(v 96x64 25 2) $(a 2) $x264 -c:a aac $OUT")

  private func output(_ command: String) throws -> String {
    String(decoding: try Tool.run("sh", ["-c", command]), as: UTF8.self)
  }

  // MARK: The two ways

  private func compare(
    _ input: String, _ kind: String, length: Int, segment: Segment? = nil, seeks: Bool = true,
    edit: (inout WriterOptions) -> Void = { _ in }
  ) throws {
    let folder = try ScratchFolder()
    let (whole, joined) = (folder.path("whole.\(kind)"), folder.path("joined.\(kind)"))
    var reading = ReaderOptions()
    reading.segment = segment
    let source = try VideoReader(path: input, options: reading).info
    let parts = try #require(try Parts(of: source, length: length, seeks: seeks))
    var options = WriterOptions()
    (options.preset, options.crf) = ("ultrafast", 12)
    edit(&options)
    options.parts = parts
    try Transcode.identity(input, whole, segment: segment) { $0 = options }

    let address = { (part: Int) in (path: folder.path("part-\(part)"), address: SHA256.hex(of: [UInt8(part % 256)])) }
    var left = Array(0..<parts.count)
    var made = 0
    while !left.isEmpty {
      // From the end to the beginning, now one part at a time, now two.
      let count = min(left.count, 1 + left.count % 2)
      let run = left[left.count - count]..<left[left.count - 1] + 1
      left.removeLast(count)
      made += try make(run, of: source, to: joined, reading, options, address)
    }
    let joining = try Joining(
      parts.count, of: source, to: joined, options: options, overwrite: false, place: address)
    #expect(joining.summary.frames == made)
    let same = FileManager.default.contentsEqual(atPath: whole, andPath: joined)
    #expect(same, "\(input) in \(parts.count) parts (\(parts.clock)) to \(kind)")
    try checkTimes(joined)
  }

  /// Makes a run of parts, with a network that changes nothing.
  /// - Returns: how many frames they hold.
  private func make(
    _ run: Range<Int>, of source: SourceInfo, to path: String, _ reading: ReaderOptions, _ options: WriterOptions,
    _ place: @escaping (Int) -> PartWriter.Place
  ) throws -> Int {
    let cuts = PartCuts()
    var made = 0
    let reader = try PartReader(source, options.parts!, run: run, cuts: cuts, options: reading)
    let writer = try PartWriter(source, run: run, cuts: cuts, path: path, options: options, place: place) { _, record in
      made += record.frames
    }
    let converter = try PixelConverter(for: source)
    var rgb = [Float](repeating: 0, count: converter.sampleCount)
    while let frame = try reader.next() {
      var pixels = rgb.mutableSpan
      try converter.read(frame, into: &pixels)
      try writer.write(converter.write(rgb.span, like: frame))
    }
    _ = try writer.finish()
    return made
  }

  /// Decoding times rise, and no picture is shown before it is decoded.
  private func checkTimes(_ path: String) throws {
    let lines = try output("ffprobe -v error -select_streams v:0 -show_entries packet=pts,dts -of csv=p=0 '\(path)'")
    var last = Int64.min
    for line in lines.split(separator: "\n") {
      let times = line.split(separator: ",").map { Int64($0) }
      guard times.count >= 2, let pts = times[0], let dts = times[1] else { continue }
      #expect(dts > last && pts >= dts, "\(path): \(line)")
      last = dts
    }
  }
}
