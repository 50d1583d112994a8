import Foundation
import TestSupport
import Testing

@testable import vdeblur

@Suite struct PreviewTests {
  /// The full run and its preview, both without loss: the after half must be the full run's very pixels.
  @Test(arguments: [("side", "crop=96:64:98:0", "crop=96:64:0:0"), ("stack", "crop=96:64:0:66", "crop=96:64:0:0")])
  func pixelsEqualTheFullRuns(layout: String, after: String, before: String) throws {
    let folder = try ScratchFolder()
    let full = try Probe.pictures(Restored.lossless)
    let source = try Probe.pictures(Clip.lossless.path)
    for (name, segment, frames) in [
      ("start", ["--start", "0", "--duration", "0.12"], 0..<3),
      ("middle", ["--start", "0.08", "--duration", "0.08"], 2..<4),
      ("between two frames", ["--start", "0.05", "--end", "0.09"], 2..<3), ("end", ["--start", "0.16"], 4..<6),
      ("last frame", ["--start", "0.2", "--end", "9"], 5..<6), ("all", [], 0..<6),
    ] {
      let preview = try Program.run(
        ["preview", Clip.lossless.path, "-o", "\(name).mkv", "-c:v", "ffv1", "--layout", layout, "--no-labels"]
          + segment,
        folder: folder)
      #expect(preview.status == 0, "\(preview.errors)")
      #expect(preview.errors.contains("the full run: about"), "\(preview.errors)")
      let path = folder.path("\(name).mkv")
      #expect(try Probe.pictures(path, filter: after) == Array(full[frames]))
      #expect(try Probe.pictures(path, filter: before) == Array(source[frames]))
    }
  }

  /// Left of the line the source's pixels, right of it the full run's, at every place of the line.
  @Test(arguments: [
    // First column of the line in each frame: the middle; middle, right edge, middle, left edge, middle.
    ("split", [48, 48, 48, 48, 48]), ("wipe", [48, 93, 48, 0, 48]),
  ])
  func aLineParts(layout: String, places: [Int]) throws {
    let folder = try ScratchFolder()
    let preview = try Program.run(
      "preview", Clip.slow.path, "-o", "look.mkv", "-c:v", "ffv1", "--layout", layout, "-t", "9", "--no-labels",
      folder: folder)
    #expect(preview.status == 0, "\(preview.errors)")
    let path = folder.path("look.mkv")
    #expect(try Probe.videoFormat(path) == "95,63,yuv420p")
    #expect(try Probe.frameTimes(path) == Probe.frameTimes(Clip.slow.path))
    let before = try Probe.samples(Clip.slow.path)
    let after = try Probe.samples(Restored.slow)
    let shown = try Probe.samples(path)
    let bytes = 95 * 63 + 2 * 48 * 32
    try #require(before.count == 5 * bytes && after.count == 5 * bytes && shown.count == 5 * bytes)
    #expect(before != after)
    for (frame, line) in places.enumerated() {
      // The line takes two columns; chroma has half the columns and rows.
      for (start, width, height, left, right) in [
        (0, 95, 63, line, line + 2), (95 * 63, 48, 32, line / 2, (line + 3) / 2),
        (95 * 63 + 48 * 32, 48, 32, line / 2, (line + 3) / 2),
      ] {
        for y in 0..<height {
          let row = frame * bytes + start + y * width
          #expect(shown[row..<row + left] == before[row..<row + left])
          #expect(shown[row + right..<row + width] == after[row + right..<row + width])
          if start == 0 { #expect(shown[row + left..<row + right].allSatisfy { $0 == 234 }) }
        }
      }
    }
  }

  @Test func soundComesAlongAndTheDefaultNameIsTold() throws {
    let folder = try ScratchFolder()
    let result = try Program.run("preview", Clip.small.path, "--strength", "0", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents == ["small-preview.mp4"])
    #expect(result.errors.contains("small-preview.mp4"))
    let path = folder.path("small-preview.mp4")
    #expect(try Probe.streamKinds(path) == ["video", "audio"])
    #expect(try Probe.frameTimes(path) == Probe.frameTimes(Clip.small.path))
    let again = try Program.run("preview", Clip.small.path, "--strength", "0", folder: folder)
    #expect(again.status == 4)
    #expect(again.errors.contains("-y"))
  }

  @Test(arguments: ["0", "0.1", "0.31"])
  func aMomentBecomesAPicture(time: String) throws {
    let folder = try ScratchFolder()
    let result = try Program.run("preview", Clip.small.path, "--frame", time, "-o", "look.png", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("the full run: about"))
    let picture = folder.path("look.png")
    #expect(try Probe.videoFormat(picture) == "194,130,rgb24")
    #expect(folder.contents == ["look.png"])
  }

  /// The enlarged parts, each pixel taken once again, are that part of the source's frame and of the full run's.
  @Test func thePictureShowsTheFullRunsPixels() throws {
    let folder = try ScratchFolder()
    // Frame 3 is on the screen from 0.12 to 0.16 s.
    let still = try Program.run("preview", Clip.lossless.path, "--frame", "0.13", "-o", "look.png", folder: folder)
    #expect(still.status == 0, "\(still.errors)")
    let place = try #require(still.errors.firstMatch(of: /pixels at \((\d+), (\d+)\)/))
    // Below the captions: the lower 16 of the part's 21 rows.
    let part = "crop=32:16:\(place.1):\(Int(place.2)! + 5)"
    for (x, path) in [(0, Clip.lossless.path), (98, Restored.lossless)] {
      let shown = try Probe.pictures(
        folder.path("look.png"),
        filter: "crop=96:48:\(x):\(66 + 15),scale=32:16:flags=neighbor,format=rgb24")
      let wanted = try Probe.pictures(path, filter: "trim=start_frame=3:end_frame=4,\(part),format=rgb24")
      #expect(shown.count == 1)
      #expect(shown == wanted)
    }
  }

  @Test func oneFrameIsAClipToo() throws {
    let folder = try ScratchFolder()
    for arguments in [["-o", "look.mkv", "--layout", "wipe"], ["--frame", "0", "-o", "look.png"]] {
      let result = try Program.run(["preview", Clip.oneFrame.path] + arguments, folder: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("for 1 frame at"), "\(result.errors)")
    }
    #expect(try Probe.pictures(folder.path("look.mkv")).count == 1)
    #expect(folder.contents == ["look.mkv", "look.png"])
  }

  @Test func whereOnlySoundIsLeftTheLastPictureIsTold() throws {
    let folder = try ScratchFolder()
    let all = try Program.run("preview", Clip.soundOutlasts.path, "-o", "look.mp4", "--strength", "0", folder: folder)
    #expect(all.status == 0, "\(all.errors)")
    #expect(try Probe.frameTimes(folder.path("look.mp4")).count == 8)
    for arguments in [["--start", "0.6"], ["--frame", "0.6"]] {
      let result = try Program.run(["preview", Clip.soundOutlasts.path] + arguments, folder: folder)
      #expect(result.status == (arguments[0] == "--frame" ? 3 : 2))
      #expect(result.errorLines.count == 1)
      #expect(result.errors.contains("0.280"), "the last picture's time: \(result.errors)")
    }
    #expect(folder.contents == ["look.mp4"])
  }

  /// Nobody asks for three seconds without a picture: a preview of "the beginning" begins with the first one.
  @Test func aPictureThatComesLateIsShown() throws {
    let folder = try ScratchFolder()
    let result = try Program.run("preview", Clip.pictureLate.path, "-o", "look.mkv", "--strength", "0", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Probe.frameTimes(folder.path("look.mkv")).count == 8)
    let still = try Program.run("preview", Clip.pictureLate.path, "--frame", "5.1", "-o", "look.png", folder: folder)
    #expect(still.status == 0, "\(still.errors)")
  }

  @Test func afterTheEndThereIsNoMoment() throws {
    let folder = try ScratchFolder()
    let result = try Program.run("preview", Clip.small.path, "--frame", "99", folder: folder)
    #expect(result.status == 3)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("no frame at 1:39.000"))
    #expect(result.errors.contains("the last one begins at 0.280"), "\(result.errors)")
    #expect(folder.contents.isEmpty)
  }
}

@Suite struct StillComparisonTests {
  @Test func findsAndEnlargesWhatChangedMost() {
    let before = RGB8(width: 60, height: 30, filledWith: 100)
    var after = before
    after.fill(x: 41, y: 12, width: 8, height: 5, grey: 200)
    let comparison = StillComparison(before: before, after: after)
    let area = comparison.area
    #expect((area.width, area.height) == (20, 10))
    #expect(area.x <= 41 && area.x + area.width >= 49 && area.y <= 12 && area.y + area.height >= 17)
    #expect((comparison.picture.width, comparison.picture.height) == (122, 62))
  }

  @Test func equalPicturesShowTheMiddle() {
    let picture = RGB8(width: 60, height: 30, filledWith: 100)
    #expect(mostChangedArea(picture, picture, width: 20, height: 10) == Area(x: 20, y: 10, width: 20, height: 10))
  }

  @Test func enlargingRepeatsPixels() {
    var picture = RGB8(width: 2, height: 1, filledWith: 0)
    picture.fill(x: 1, y: 0, width: 1, height: 1, grey: 9)
    let large = picture.enlarged(Area(x: 0, y: 0, width: 2, height: 1), by: 2)
    #expect(large.bytes == [0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9])
  }

  @Test func aSinglePixelIsAFrameToo() {
    let comparison = StillComparison(
      before: RGB8(width: 1, height: 1, filledWith: 0), after: RGB8(width: 1, height: 1, filledWith: 255))
    #expect(comparison.area == Area(x: 0, y: 0, width: 1, height: 1))
  }
}
