import Foundation
import Testing

@testable import vdeblur

@Suite struct PreviewTests {
  /// The full run and its preview, both without loss: the after half must be the full run's very pixels.
  @Test(arguments: [("side", "crop=96:64:98:0", "crop=96:64:0:0"), ("stack", "crop=96:64:0:66", "crop=96:64:0:0")])
  func pixelsEqualTheFullRuns(layout: String, after: String, before: String) throws {
    let folder = try Folder.make()
    let full = try Program.run(Clip.lossless.path, "-o", "full.mkv", "-c:v", "ffv1", folder: folder)
    #expect(full.status == 0, "\(full.errors)")
    // From the very start, from the middle, and up to the very end.
    for (name, segment, frames) in [
      ("start", ["--duration", "0.12"], 0..<3), ("middle", ["--start", "0.08", "--duration", "0.08"], 2..<4),
      ("end", ["--start", "0.16"], 4..<6),
    ] {
      let preview = try Program.run(
        Program.path,
        ["preview", Clip.lossless.path, "-o", "\(name).mkv", "-c:v", "ffv1", "--layout", layout] + segment,
        folder: folder)
      #expect(preview.status == 0, "\(preview.errors)")
      #expect(preview.errors.contains("the full run: about"), "\(preview.errors)")
      let path = folder.appendingPathComponent("\(name).mkv").path
      let fullPath = folder.appendingPathComponent("full.mkv").path
      #expect(try Probe.pictures(path, filter: after) == Array(Probe.pictures(fullPath)[frames]))
      #expect(try Probe.pictures(path, filter: before) == Array(Probe.pictures(Clip.lossless.path)[frames]))
    }
  }

  @Test func splitShowsBeforeLeftAndAfterRight() throws {
    let folder = try Folder.make()
    let full = try Program.run(Clip.lossless.path, "-o", "full.mkv", "-c:v", "ffv1", folder: folder)
    let preview = try Program.run(
      "preview", Clip.lossless.path, "-o", "split.mkv", "-c:v", "ffv1", "--layout", "split", folder: folder)
    #expect(full.status == 0 && preview.status == 0, "\(preview.errors)")
    let path = folder.appendingPathComponent("split.mkv").path
    #expect(try Probe.videoFormat(path) == Probe.videoFormat(Clip.lossless.path))
    let (left, right) = ("crop=46:64:0:0", "crop=46:64:50:0")
    #expect(try Probe.pictures(path, filter: left) == Probe.pictures(Clip.lossless.path, filter: left))
    let fullPath = folder.appendingPathComponent("full.mkv").path
    #expect(try Probe.pictures(path, filter: right) == Probe.pictures(fullPath, filter: right))
  }

  @Test func soundComesAlongAndTheDefaultNameIsTold() throws {
    let folder = try Folder.make()
    let result = try Program.run("preview", Clip.small.path, "--strength", "0", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Folder.names(folder) == ["small-preview.mp4"])
    #expect(result.errors.contains("small-preview.mp4"))
    let path = folder.appendingPathComponent("small-preview.mp4").path
    #expect(try Probe.streamKinds(path) == ["video", "audio"])
    #expect(try Probe.frameTimes(path) == Probe.frameTimes(Clip.small.path))
    let again = try Program.run("preview", Clip.small.path, "--strength", "0", folder: folder)
    #expect(again.status == 4)
    #expect(again.errors.contains("-y"))
  }

  @Test(arguments: ["0", "0.1", "0.31"])
  func aMomentBecomesAPicture(time: String) throws {
    let folder = try Folder.make()
    let result = try Program.run("preview", Clip.small.path, "--frame", time, "-o", "look.png", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("the full run: about"))
    let picture = folder.appendingPathComponent("look.png").path
    #expect(try Probe.videoFormat(picture) == "194,130,rgb24")
    #expect(try Folder.names(folder) == ["look.png"])
  }

  /// The enlarged parts, each pixel taken once again, are that part of the source's frame and of the full run's.
  @Test func thePictureShowsTheFullRunsPixels() throws {
    let folder = try Folder.make()
    let full = try Program.run(Clip.lossless.path, "-o", "full.mkv", "-c:v", "ffv1", folder: folder)
    // Frame 3 is on the screen from 0.12 to 0.16 s.
    let still = try Program.run("preview", Clip.lossless.path, "--frame", "0.13", "-o", "look.png", folder: folder)
    #expect(full.status == 0 && still.status == 0, "\(still.errors)")
    let place = try #require(still.errors.firstMatch(of: /pixels at \((\d+), (\d+)\)/))
    // Below the captions: the lower 16 of the part's 21 rows.
    let part = "crop=32:16:\(place.1):\(Int(place.2)! + 5)"
    for (x, path) in [(0, Clip.lossless.path), (98, folder.appendingPathComponent("full.mkv").path)] {
      let shown = try Probe.pictures(
        folder.appendingPathComponent("look.png").path,
        filter: "crop=96:48:\(x):\(66 + 15),scale=32:16:flags=neighbor,format=rgb24")
      let wanted = try Probe.pictures(path, filter: "trim=start_frame=3:end_frame=4,\(part),format=rgb24")
      #expect(shown.count == 1)
      #expect(shown == wanted)
    }
  }

  @Test func afterTheEndThereIsNoMoment() throws {
    let folder = try Folder.make()
    let result = try Program.run("preview", Clip.small.path, "--frame", "99", folder: folder)
    #expect(result.status == 3)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("no frame at 1:39.000"))
    #expect(try Folder.names(folder).isEmpty)
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
