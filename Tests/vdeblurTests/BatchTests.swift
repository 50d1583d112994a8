import Foundation
import TestSupport
import Testing

@testable import vdeblur

/// Several clips in one command.
@Suite struct BatchTests {
  private func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let files = FileManager.default
    for name in ["a.mp4", "b b.mp4"] {
      try files.copyItem(atPath: Clip.small.path, toPath: folder.path(name))
    }
    try Data("no video".utf8).write(to: folder.file("c.mp4"))
    return folder
  }

  @Test func goesOnAfterAFailureAndIsSafeToRepeat() throws {
    let folder = try folder()
    let line = "$VDEBLUR *.mp4 -O sharp --strength 0"
    let first = try Program.shell(line, folder: folder)
    #expect(first.status == 3, "\(first.errors)")
    #expect(folder.contents(of: "sharp") == ["a.mp4", "b b.mp4"])
    #expect(first.errors.contains("2 done, 0 skipped, 1 failed"), "\(first.errors)")
    #expect(first.errors.contains(/a\.mp4 +sharp\/a\.mp4, 8 frames in/), "\(first.errors)")
    #expect(first.errors.contains(/c\.mp4 +failed: c\.mp4:/), "\(first.errors)")
    #expect(first.errorLines.last == "vdeblur: 1 clip of 3 failed")
    // A table of lines, not one line with breaks shown as text.
    #expect(
      first.errorLines.contains { $0.starts(with: /clip +result$/) } && !first.errors.contains(#"\n"#),
      "\(first.errors)")
    let quiet = try Program.shell("\(line) -q", folder: folder)
    #expect(!quiet.errors.contains("result"), "\(quiet.errors)")
    let made = try Probe.pictures(folder.path("sharp/a.mp4"))
    #expect(made.count == 8)
    // What is there is left alone; what failed is tried again.
    try FileManager.default.removeItem(at: folder.file("c.mp4"))
    let again = try Program.shell(line, folder: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.errors.contains("0 done, 2 skipped, 0 failed"), "\(again.errors)")
    #expect(again.errors.contains("a.mp4: skipped: sharp/a.mp4 is there"), "\(again.errors)")
  }

  /// Results that lie beside their clips are not deblurred again.
  @Test func aSuffixTellsResultsFromClips() throws {
    let folder = try folder()
    try FileManager.default.removeItem(at: folder.file("c.mp4"))
    for (done, skipped, spelling) in [(2, 0, "--suffix=-sharp"), (0, 4, "--suffix -sharp")] {
      let result = try Program.shell("$VDEBLUR *.mp4 \(spelling) --strength 0", folder: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("\(done) done, \(skipped) skipped"), "\(result.errors)")
    }
    #expect(folder.contents == ["a-sharp.mp4", "a.mp4", "b b-sharp.mp4", "b b.mp4"])
  }

  @Test func withoutAnOutputTheResultLiesBesideTheClip() throws {
    let folder = try folder()
    let result = try Program.run(
      folder.path("a.mp4"), "--strength", "0")
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents.contains("a-deblurred.mp4"))
    let again = try Program.run(folder.path("a.mp4"), "--strength", "0")
    #expect(again.status == 4 && again.errors.contains("-y"), "\(again.errors)")
  }

  @Test func aDryRunDoesNothing() throws {
    let folder = try folder()
    let result = try Program.shell("$VDEBLUR *.mp4 -O sharp --dry-run", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents == ["a.mp4", "b b.mp4", "c.mp4"])
    #expect(result.text.contains(/a\.mp4 +sharp\/a\.mp4: 8 frames, about/), "\(result.text)")
    #expect(result.text.contains(/c\.mp4 +refused:/), "\(result.text)")
    #expect(result.text.contains("nothing was done"))
    let one = try Program.shell("$VDEBLUR a.mp4 --dry-run; $VDEBLUR a.mp4 -o x.txt --dry-run", folder: folder)
    #expect(one.text.contains(/a\.mp4 +a-deblurred\.mp4: 8 frames/), "\(one.text)")
    #expect(one.text.contains(/a\.mp4 +refused: x\.txt/), "\(one.text)")
    #expect(folder.contents == ["a.mp4", "b b.mp4", "c.mp4"])
  }

  @Test(arguments: [
    ("x/in.mp4 y/in.mp4 -O out", "would both become out/in.mp4"), ("a.mp4 -O out -o b.mp4", "leave it out"),
    ("- -O out", "standard input has no name"), ("-O out", "no input given"),
    ("a.mp4 -O out --progress p.txt", "speak of one clip"), ("a.mp4 b.mp4 c.mp4", "-O FOLDER"),
  ])
  func refusesWhatCannotBeMeant(line: String, words: String) throws {
    let folder = try ScratchFolder()
    let result = try Program.shell("$VDEBLUR \(line)", folder: folder)
    #expect(result.status == 2 && result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(folder.contents.isEmpty)
  }

  @Test func resultsHaveNamesThatCanBeWritten() {
    #expect(resultPath(for: "clips/in.mp4", folder: nil, suffix: "-deblurred") == "clips/in-deblurred.mp4")
    #expect(resultPath(for: "clips/in.wmv", folder: "sharp/", suffix: "") == "sharp/in.mkv")
    #expect(resultPath(for: "/in", folder: nil, suffix: "-x") == "/in-x.mkv")
    #expect(resultPath(for: "IN.MOV", folder: "s", suffix: "") == "s/IN.MOV")
  }

  @Test func oneBarRunsOverAll() {
    let display = BatchDisplay(ProgressBar(), loads: [.init(work: 100, frames: 10), .init(work: 300, frames: 10)])
    var advance = Advance(frames: 5, expectedFrames: 10)
    #expect(display.whole(advance).fraction == 0.125)
    advance.frames = 10
    display.next(after: advance)
    let half = display.whole(Advance(frames: 5, expectedFrames: 10))
    #expect(half.fraction == 0.625 && half.frames == 15 && half.expectedFrames == 20)
    #expect(ProgressBar.text(half, width: 100).contains("62%  clip 2/2  15/20 frames"))
    // A clip that does not tell its length hides the share, not the count.
    let unknown = BatchDisplay(ProgressBar(), loads: [nil, .init(work: 1, frames: 1)])
    #expect(unknown.whole(advance).fraction == nil)
  }
}
