import Foundation
import TestSupport
import Testing
import VideoIO

/// Tags are bytes to every container but those that state a character set: what is no UTF-8 comes back as it was.
@Suite struct TagTests {
  /// Latin-1, and characters that stand for bytes in names of files.
  private static let title: [UInt8] = Array("caf".utf8) + [0xE9, 0x20] + Array("\u{10FF9B}\u{10FFFD}".utf8)

  @Test(arguments: ["mkv", "mp4", "mov", "nut"]) func bytesComeBack(_ kind: String) throws {
    let input = try Clip(
      "bytes in tags", "c.\(kind)",
      """
      printf ';FFMETADATA1\\ntitle=caf\\351 \\364\\217\\276\\233\\364\\217\\277\\275\\n' >m.txt
      printf '[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=0\\nEND=200\\ntitle=caf\\351 \\364\\217\\276\\233\\364\\217\\277\\275\\n' >>m.txt
      ff $(v 64x48 25 0.2) -i m.txt -map 0:v -map_metadata 1 -map_chapters 1 $x264 -bf 0 $OUT
      """
    ).make()
    let source = try VideoReader(path: input).info
    #expect(source.metadata["title"]?.fileNameBytes == Self.title)
    let folder = try ScratchFolder()
    for other in ["mkv", "mp4", "mov", "nut"] {
      let output = folder.path("out.\(other)")
      let result = try Transcode.identity(input, output)
      #expect(!result.notes.contains { $0.contains("title") }, "\(result.notes)")
      let copy = try VideoReader(path: output).info
      #expect(copy.metadata["title"]?.fileNameBytes == Self.title, "\(other)")
      #expect(copy.chapters.map { $0.title?.fileNameBytes } == [Self.title], "\(other)")
    }
  }
}
