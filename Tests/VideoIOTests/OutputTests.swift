import Foundation
import TestSupport
import Testing
import VideoIO

/// The output appears only when complete, and nothing else is ever touched.
@Suite struct OutputTests {
  private static let clip = Clip("output", "c.mp4", "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac $OUT")

  @Test func existingOutputStays() throws {
    let folder = try ScratchFolder()
    let output = folder.path("out.mp4")
    try Data("precious".utf8).write(to: URL(fileURLWithPath: output))
    let error = #expect(throws: VideoError.self) { try Transcode.identity(Self.clip.make(), output) }
    #expect(error?.description.contains("-y") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("precious".utf8))
    try Transcode.identity(Self.clip.make(), output, overwrite: true)
    #expect(try Probe(output).packets.count > 25)
    #expect(folder.contents == ["out.mp4"])
  }

  @Test func inputIsNeverTheOutput() throws {
    let folder = try ScratchFolder()
    let input = folder.path("in.mp4")
    try FileManager.default.copyItem(atPath: Self.clip.make(), toPath: input)
    let before = try Data(contentsOf: URL(fileURLWithPath: input))
    try FileManager.default.createSymbolicLink(atPath: folder.path("soft.mp4"), withDestinationPath: input)
    try FileManager.default.linkItem(atPath: input, toPath: folder.path("hard.mp4"))
    for name in ["in.mp4", "./in.mp4", "soft.mp4", "hard.mp4"] {
      let error = #expect(throws: VideoError.self) {
        try Transcode.identity(input, folder.url.path + "/" + name, overwrite: true)
      }
      #expect(error?.description.contains("is the input") == true)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: input)) == before)
    #expect(folder.contents == ["hard.mp4", "in.mp4", "soft.mp4"])
  }

  @Test func abandonedOutputVanishes() throws {
    let folder = try ScratchFolder()
    let output = folder.path("out.mp4")
    try Data("old".utf8).write(to: URL(fileURLWithPath: output))
    let reader = try VideoReader(path: Self.clip.make())
    do {
      let writer = try VideoWriter(path: output, source: reader.info, overwrite: true)
      guard case .frame(let frame)? = try reader.next() else { return }
      try writer.write(frame)
      #expect(folder.contents.count == 2)
      #expect(folder.contents.contains { $0.hasPrefix("out.mp4.part") })
    }
    #expect(folder.contents == ["out.mp4"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("old".utf8))
  }

  @Test func missingFolderIsSaidAtOnce() throws {
    let folder = try ScratchFolder()
    let reader = try VideoReader(path: Self.clip.make())
    for path in [folder.path("no/such/out.mp4"), folder.path("out"), folder.path("out.txt"), folder.url.path] {
      #expect(throws: VideoError.self) { try VideoWriter.check(path: path, source: reader.info) }
    }
  }

  @Test func fullDeviceGivesTheSystemsReason() throws {
    let error = #expect(throws: VideoError.self) {
      try Transcode.identity(Self.clip.make(), "/dev/full", format: "matroska")
    }
    #expect(error?.description.contains("No space left") == true)
    #expect(error?.kind == .output)
  }

  @Test func unknownEncoderOptionIsNamed() throws {
    let folder = try ScratchFolder()
    let error = #expect(throws: VideoError.self) {
      try Transcode.identity(Self.clip.make(), folder.path("out.mp4")) { $0.extra["no_such_option"] = "1" }
    }
    #expect(error?.description.contains("no_such_option") == true)
    #expect(folder.contents.isEmpty)
  }

  @Test func chosenEncoderIsUsed() throws {
    let folder = try ScratchFolder()
    let result = try Transcode.identity(Self.clip.make(), folder.path("out.mkv")) { $0.codec = "ffv1" }
    #expect(result.plan.encoder == "ffv1")
    // A lossless encoder behind an identity: not one sample differs.
    let differences = try Tool.run(
      "sh",
      [
        "-c",
        "for f in \"$1\" \"$2\"; do ffmpeg -nostdin -v error -i \"$f\" -map 0:v -fps_mode passthrough -f rawvideo - | cksum; done",
        "sh", Self.clip.make(), folder.path("out.mkv"),
      ])
    let sums = String(decoding: differences, as: UTF8.self).split(separator: "\n")
    #expect(sums.count == 2 && sums[0] == sums[1])
  }
}
