import Foundation
import TestSupport
import Testing

/// Where results may go, and what happens to what is there.
@Suite struct OutputTests {
  @Test func anExistingFileIsRefusedWithoutYes() throws {
    let folder = try ScratchFolder()
    let out = folder.file("out.mp4")
    try Data("precious".utf8).write(to: out)
    for extra in [[], ["-n"]] {
      let result = try Program.run([Clip.small.path, "-o", out.path, "--strength", "0"] + extra)
      #expect(result.status == 4)
      #expect(result.errorLines.count == 1)
      #expect(result.errors.contains("-y"), "\(result.errors)")
      #expect(try Data(contentsOf: out) == Data("precious".utf8))
    }
    let replaced = try Program.run(Clip.small.path, "-o", out.path, "-y", "--strength", "0")
    #expect(replaced.status == 0, "\(replaced.errors)")
    #expect(try Probe.frameTimes(out.path).count == 8)
    #expect(folder.contents == ["out.mp4"])
  }

  @Test(arguments: ["source.mp4", "./source.mp4", "link.mp4", "hard.mp4"])
  func theSourceIsNeverTheOutput(name: String) throws {
    let folder = try ScratchFolder()
    let source = folder.file("source.mp4")
    try FileManager.default.copyItem(atPath: Clip.small.path, toPath: source.path)
    let before = try Data(contentsOf: source)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.mp4"), withDestinationPath: "source.mp4")
    try FileManager.default.linkItem(at: source, to: folder.file("hard.mp4"))
    let result = try Program.run("source.mp4", "-o", name, "-y", "--strength", "0", folder: folder)
    #expect(result.status != 0)
    #expect(result.errorLines.count == 1)
    #expect(try Data(contentsOf: source) == before)
    #expect(folder.contents == ["hard.mp4", "link.mp4", "source.mp4"])
  }

  @Test func aMissingFolderIsNamedBeforeTheWork() throws {
    let result = try Program.run(Clip.long.path, "-o", "/nowhere/at/all/out.mp4")
    #expect(result.status == 4)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("/nowhere/at/all"))
  }

  @Test func aFullDeviceGivesTheSystemsReason() throws {
    let result = try Program.shell("$VDEBLUR '\(Clip.small.path)' -o - -f matroska --strength 0 > /dev/full")
    #expect(result.status == 4)
    #expect(result.errors.contains("No space left on device"), "\(result.errors)")
  }
}
