import Deblur
import Foundation
import TestSupport
import Testing
import VideoDeblur
import VideoIO

/// The libraries' one-call conveniences give the program's own pictures.
@Suite struct LibraryTests {
  private func options() -> WriterOptions {
    var options = WriterOptions()
    options.codec = "ffv1"
    return options
  }

  @Test func aFileInOneCall() throws {
    let folder = try ScratchFolder()
    let out = folder.path("out.mkv")
    var seen: [Double] = []
    let summary = try Deblurrer().deblur(Clip.lossless.path, to: out, options: options()) {
      seen.append(try #require($0.fraction))
    }
    #expect(summary.frames == 6)
    #expect(seen.count == 6 && seen == seen.sorted() && seen.last == 1)
    #expect(try Probe.pictures(out) == Probe.pictures(Restored.lossless))
  }

  @Test func aSegmentNeedsNoSkipping() throws {
    let folder = try ScratchFolder()
    let out = folder.path("out.mkv")
    try Deblurrer().deblur(
      Clip.lossless.path, to: out, segment: Segment(start: 0.08, end: 0.16), options: options())
    #expect(try Probe.pictures(out) == Array(Probe.pictures(Restored.lossless)[2..<4]))
  }

  @Test func cancellingLeavesNothing() async throws {
    let folder = try ScratchFolder()
    let out = folder.path("out.mkv")
    struct Enough: Error {}
    #expect(throws: Enough.self) {
      try Deblurrer().deblur(Clip.lossless.path, to: out) { if $0.frames == 2 { throw Enough() } }
    }
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try Deblurrer().deblur(Clip.lossless.path, to: out)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(folder.contents.isEmpty)
  }
}
