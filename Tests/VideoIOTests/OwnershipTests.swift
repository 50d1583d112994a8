import Synchronization
import TestSupport
import Testing

@testable import VideoIO

/// Whatever way reading and writing end, nothing of FFmpeg's is left behind. Each test has a process of its own, in which nobody else counts.
@Suite struct OwnershipTests {
  /// What is read of a clip, and how that ends.
  struct Case: Sendable, CustomTestStringConvertible {
    let clip: Clip
    var start: Double?
    var end: Double?
    var isStrict = false
    /// Words of the error; nil for none.
    let words: String?
    /// Frames after which reading is given up.
    var most = Int.max

    var testDescription: String { clip.name }
  }

  @Test(arguments: [
    Case(clip: Clip("all is read", "c.ts", "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac $OUT"), words: nil),
    Case(clip: Clip("half is read", "c.mp4", "ff $(v 96x64 25 1) $x264 $OUT"), words: nil, most: 9),
    Case(clip: longGroups, start: 2.9, words: nil),
    Case(
      clip: Clip("behind the end", "c.mkv", "ff $(v 96x64 25 1) $x264 $OUT"), start: 1000,
      words: "last one begins"),
    Case(
      clip: Clip("between two pictures", "c.mkv", "ff $(v 96x64 25 1) $x264 $OUT"), start: 0.41, end: 0.42,
      words: "no picture in the segment"),
    Case(
      clip: Clip(
        "damaged before the segment", "c.avi",
        "ff $(v 96x64 25 2) -c:v mpeg4 -q:v 2 -g 25 $OUT; dd if=/dev/zero of=$OUT bs=1 seek=20000 count=9000 conv=notrunc 2>&1"
      ), start: 1.9, isStrict: true, words: "damaged"),
    Case(
      clip: Clip(
        "another size", "c.ts",
        "ff $(v 96x64 25 1) $x264 a.ts; ff $(v 64x48 25 1) $x264 -output_ts_offset 1 b.ts; cat a.ts b.ts > $OUT"),
      words: "changes from 96×64"),
    Case(clip: Clip("text", "c.mp4", "for i in 1 2 3 4 5 6 7 8; do echo hello; done > $OUT"), words: "text"),
  ])
  func readingLeavesNothing(_ one: Case) async throws {
    let path = try one.clip.make()
    await #expect(processExitsWith: .success) {
      [
        path = path as String, start = one.start as Double?, end = one.end as Double?, strict = one.isStrict as Bool,
        words = one.words as String?, most = one.most as Int
      ] in
      var options = ReaderOptions()
      options.segment = start.map { Segment(start: $0, end: end) }
      options.strict = strict
      var problem: String?
      do {
        let reader = try VideoReader(path: path, options: options)
        #expect(live > 0)
        var count = 0
        while count < most, try reader.next() != nil { count += 1 }
        #expect(count > 0)
      } catch let error as VideoError {
        problem = error.problem
      }
      #expect(problem.map { $0.contains(words ?? "no error") } ?? (words == nil), "\(problem ?? "no error")")
      #expect(live == 0)
    }
  }

  /// A search for 2.9 s enters at 1.9 s, and the next key frame comes too late: it begins again.
  private static let longGroups = Clip(
    "late seek", "c.ts", "ff $(v 96x64 25 4) $x264 -g 75 -keyint_min 75 -sc_threshold 0 $OUT")

  @Test(arguments: ["mkv", "mp4"]) func writingLeavesNothing(_ kind: String) async throws {
    let path = try Clip("all is read", "c.ts", "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac $OUT").make()
    let folder = try ScratchFolder()
    defer { withExtendedLifetime(folder) {} }
    await #expect(processExitsWith: .success) {
      [
        path = path as String, output = folder.path("out.\(kind)") as String,
        gaveUp = folder.path("no.\(kind)") as String
      ] in
      try Transcode.identity(path, output)
      #expect(live == 0)
      // Refused, and given up half-way.
      #expect(throws: VideoError.self) { try Transcode.identity(path, output) { $0.codec = "gif" } }
      #expect(live == 0)
      do {
        let reader = try VideoReader(path: path)
        let writer = try VideoWriter(path: gaveUp, source: reader.info)
        for _ in 0..<9 { if case .frame(let frame)? = try reader.next() { try writer.write(frame) } }
        writer.abandon()
      }
      #expect(live == 0)
    }
  }
}

/// FFmpeg's objects that somebody owns.
private var live: Int { liveObjects.load(ordering: .relaxed) }
