import Foundation
import TestSupport
import Testing
import VideoIO

/// Two files joined by `cat`: read on, or refused with the place of the joint; never half a film without a word.
@Suite struct JointTests {
  private static let parts = [
    "mp4": "$x264 -c:a aac", "fragmented.mp4": "$x264 -bf 0 -c:a aac -movflags frag_keyframe+empty_moov",
    "indexed.mp4": "$x264 -c:a aac -movflags faststart", "mov": "$x264 -c:a aac", "flv": "$x264 -c:a aac",
    "nut": "$x264 -c:a aac", "ogv": "-c:v libtheora -c:a libvorbis", "asf": "-c:v wmv2 -c:a wmav2",
    "mxf": "-c:v mpeg2video -pix_fmt yuv422p -bf 0 -c:a pcm_s16le",
  ]
  /// Files whose end is read first: two of them are none that can be opened.
  private static let readFromTheEnd: Set = ["mxf"]

  /// - Returns: the path of the whole, and the size of its first part.
  private func joined(_ kind: String, _ codecs: String, in folder: ScratchFolder) throws -> (whole: String, first: Int)
  {
    let parts = try ["1", "1.6"].map { length in
      try Data(
        contentsOf: URL(
          fileURLWithPath: Clip(
            "part \(kind)", "c.\(kind)", "ff $(v 96x64 25 \(length)) $(a \(length)) \(codecs) $OUT"
          ).make()))
    }
    try (parts[0] + parts[1]).write(to: folder.file("joined.\(kind)"))
    return (folder.path("joined.\(kind)"), parts[0].count)
  }

  @Test(arguments: parts.keys.sorted()) func theJointIsNamedBeforeTheWork(_ kind: String) throws {
    let folder = try ScratchFolder()
    let (whole, first) = try joined(kind, Self.parts[kind]!, in: folder)
    let error = #expect(throws: VideoError.self) { try VideoReader(path: whole) }
    #expect(error?.description.contains("begins at byte \(first),") == true, "\(String(describing: error))")
    #expect(error?.description.contains("tail -c +\(first + 1) INPUT") == true)
    guard !Self.readFromTheEnd.contains(kind) else { return }
    // The first can still be had, by times that lie in it.
    let result = try Transcode.identity(whole, folder.path("out.mkv"), segment: Segment(start: 0, end: 0.6))
    // Sound may begin a frame before the picture.
    #expect((14...15).contains(result.summary.frames))
  }

  @Test(arguments: parts.keys.sorted()) func onAPipeToo(_ kind: String) throws {
    let folder = try ScratchFolder()
    let (whole, first) = try joined(kind, Self.parts[kind]!, in: folder)
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    try Tool.beside("cat '\(whole)' > '\(pipe)' || true") {
      let error = #expect(throws: VideoError.self) { try Transcode.identity(pipe, folder.path("out.mkv")) }
      #expect(error?.description.contains("begins at byte \(first),") == true, "\(String(describing: error))")
    }
    #expect(!folder.contents.contains("out.mkv"))
  }

  /// Containers in which a reader goes on behind the joint.
  @Test(arguments: ["mkv", "avi", "mpg"]) func whatCanBeReadOnIs(_ kind: String) throws {
    let folder = try ScratchFolder()
    let (whole, _) = try joined(kind, kind == "mpg" ? "-c:v mpeg2video -bf 0 -an" : "$x264 -bf 0 -an", in: folder)
    let result = try Transcode.identity(whole, folder.path("out.mp4"))
    #expect(result.summary.frames == 65)
    let times = try Probe.frameTimes(folder.path("out.mp4"))
    #expect(abs(times.last! - times.first! - 2.56) < 0.05)
  }
}
