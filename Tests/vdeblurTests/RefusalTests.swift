import Foundation
import TestSupport
import Testing

/// What must be refused is refused in one line, before the work.
@Suite struct RefusalTests {
  @Test func wholePicturesThatAreFlaggedAsFieldsGoThroughWhenAsked() throws {
    let folder = try ScratchFolder()
    let made = try Program.shell(
      "ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v libx264 -x264-params tff=1 in.mp4",
      folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    let refused = try Program.run("in.mp4", "-o", "out.mp4", "--strength", "0", folder: folder)
    #expect(refused.status == 2 && refused.errorLines.count == 1)
    #expect(refused.errors.contains("--progressive"))
    let done = try Program.run(
      "in.mp4", "-o", "out.mp4", "--strength", "0", "--progressive", "--verify", folder: folder)
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.errors.contains("verified"))
    let page = try Program.run("info", "in.mp4", "--progressive", folder: folder)
    #expect(page.status == 0 && !page.text.contains("refused"), "\(page.text)")
  }

  /// A FIFO can be read once: it must not be opened again for a later look.
  @Test func previewOfAFifoThatBeginsLateEnds() throws {
    let folder = try ScratchFolder()
    for more in ["", "--frame 1"] {
      let result = try Program.shell(
        "rm -f pipe; mkfifo pipe; cat '\(Clip.pictureLate.path)' > pipe & $VDEBLUR preview pipe \(more) --strength 0 -o out.\(more.isEmpty ? "mkv" : "png")",
        folder: folder, seconds: 60)
      #expect(result.errorLines.last?.hasPrefix("vdeblur: ") == true, "\(result.errors)")
    }
  }

  @Test func quietIsQuiet() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(
      Clip.small.path, "-o", "out.mkv", "-q", "--strength", "0", "-c:v", "libsvtav1", "--preset", "12", folder: folder)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty, "\(result.errors)")
  }

  @Test func picturesBeyondTheLimitNameTheOption() throws {
    let folder = try ScratchFolder()
    let header = "YUV4MPEG2 W12288 H6480 F25:1 C420jpeg\nFRAME\n"
    try Data(header.utf8).write(to: folder.file("in.y4m"))
    for command in [["preview", "in.y4m"], ["info", "in.y4m"], ["in.y4m", "-o", "out.mkv"]] {
      let result = try Program.run(command, folder: folder)
      #expect(result.status == 3 && result.errorLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains("--memory-limit"), "\(result.errors)")
    }
  }

  @Test(arguments: [("520,8,4", "520"), ("8,8,4096", "4096")])
  func hostileWeightsLeaveNothing(widths: String, word: String) throws {
    let folder = try ScratchFolder()
    let config =
      #"{"name":"x","frames":1,"slope":0.1,"restoration":{"unshuffle":1,"widths":["# + widths
      + #"],"kernel":3,"blocks":0,"ppm":false,"cbam":false,"cbam_ratio":16,"flow_input":false,"path_samples":0,"motion_gate":0}}"#
    let header = try JSONSerialization.data(withJSONObject: [
      "__metadata__": ["format": "vdeblur-1", "config": config, "version": "1"]
    ])
    let file = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header
    try file.write(to: folder.file("hostile.safetensors"))
    let result = try Program.run(
      Clip.small.path, "-o", "out.mp4", "--model", "hostile.safetensors", folder: folder)
    #expect(result.status == 1 && result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains("hostile.safetensors: configuration: ") && result.errors.contains(word))
    #expect(folder.contents == ["hostile.safetensors"])
  }
}
