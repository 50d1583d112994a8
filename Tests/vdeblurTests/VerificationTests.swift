import Foundation
import TestSupport
import Testing
import VideoIO

/// `--verify` believes a true result and finds every way in which ffmpeg can break it.
@Suite struct VerificationTests {
  private static let source = Clip.small.path

  private func verify(_ path: String) throws -> Verification {
    let info = try VideoReader(path: Self.source).info
    return try Verification(
      of: path, against: info, plan: OutputPlan(for: info, path: path, options: WriterOptions()), written: 8)
  }

  @Test func believesATrueResult() throws {
    let proof = try verify(Self.source)
    #expect(proof.frames == 8 && proof.streams == 1 && proof.packets > 10)
    #expect(try Probe.soundPackets(Self.source).count == proof.packets)
  }

  @Test(arguments: [
    ("a lost frame", "-map 0 -c copy -c:v libx264 -frames:v 7", "but 8 were written"),
    ("frames too many", "-map 0 -c copy -c:v libx264 -vf loop=1:1:3 -bf 0", "but 8 were written"),
    (
      "other frame times", "-map 0 -c copy -c:v libx264 -vf setpts='PTS*1.25' -fps_mode passthrough -copyts",
      "is shown at"
    ),
    ("sound that was encoded anew", "-map 0 -c copy -c:a aac -b:a 50k", "audio stream 1"),
    ("sound that ends early", "-map 0 -c copy -t 0.3 -c:v libx264 -bf 0", "of the source are missing"),
    ("no sound", "-map 0:v -c copy", "lacks the source's audio stream 1"),
    ("sound a tenth of a second late", "-itsoffset 0.1 -i SOURCE -map 0:v -map 1:a -c copy", "audio stream 1"),
  ])
  func findsTheFault(what: String, arguments: String, words: String) throws {
    let folder = try ScratchFolder()
    let path = folder.path("broken.mp4")
    let made = try Program.shell(
      "ffmpeg -nostdin -v error -y -i '\(Self.source)' \(arguments.replacing("SOURCE", with: "'\(Self.source)'")) '\(path)'"
    )
    #expect(made.status == 0, "\(made.errors)")
    let error = #expect(throws: VideoError.self) { try verify(path) }
    #expect(error?.kind == .output)
    #expect(error?.description.contains(words) == true, "\(what): \(String(describing: error))")
  }
}
