import Foundation
import TestSupport
import Testing
import VideoIO

/// Files without their end are said to end early, and refused where that is asked for; whole ones never.
@Suite struct EarlyEndTests {
  @Test(arguments: ["mp4", "mkv", "webm", "avi", "flv", "ts", "y4m", "mpg", "nut", "asf", "mxf", "ogv"]) func isSaid(
    _ kind: String
  ) throws {
    let codecs =
      switch kind {
      case "webm": "$vp9 -an"
      case "y4m": "-pix_fmt yuv420p -an"
      case "mp4": "$x264 -bf 0 -c:a aac -movflags faststart"
      case "mpg": "-c:v mpeg2video -bf 0 -c:a mp2"
      case "asf": "-c:v wmv2 -c:a wmav2"
      case "ogv": "-c:v libtheora -c:a libvorbis"
      case "mxf": "-c:v mpeg2video -pix_fmt yuv422p -bf 0 -c:a pcm_s16le"
      case "flv": "$x264 -bf 0 -c:a aac"
      default: "$x264 -bf 0 -c:a mp2"
      }
    let input = try Clip("ends", "c.\(kind)", "ff $(v 64x48 25 2) $(a 2) \(codecs) $OUT").make()
    let folder = try ScratchFolder()
    let whole = try Transcode.identity(input, folder.path("whole.mkv"), strict: true) { $0.codec = "ffv1" }
    #expect(!whole.notes.contains { $0.contains("ends early") }, "\(whole.notes)")
    let cut = folder.path("cut.\(kind)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: input))
    try bytes.prefix(bytes.count * 3 / 5 | 1).write(to: URL(fileURLWithPath: cut))
    let result = try Transcode.identity(cut, folder.path("kept.mkv")) { $0.codec = "ffv1" }
    #expect(result.notes.contains { $0.contains("ends early") }, "\(result.notes)")
    #expect(throws: VideoError.self) {
      try Transcode.identity(cut, folder.path("strict.mkv"), strict: true) { $0.codec = "ffv1" }
    }
    #expect(!folder.contents.contains("strict.mkv"))
  }

  /// Small packets between syncpoints, pictures that are longer than syncpoints lie apart, and a stream for pipes without syncpoints.
  private static let codecs = [
    "$x264 -bf 0 -c:a mp2", "-c:v rawvideo -pix_fmt yuv444p -c:a pcm_s16le",
    "$x264 -bf 0 -c:a mp2 -strict experimental -syncpoints none",
  ]

  private func nut(_ codecs: String) throws -> Data {
    let clip = Clip("nut to be cut", "c.nut", "ff $(v 160x120 25 1) $(a 1) \(codecs) $OUT")
    return try Data(contentsOf: URL(fileURLWithPath: clip.make()))
  }

  /// What is said of these bytes at their end, from a file or a pipe; nil where strictness refuses them.
  private func notes(_ bytes: Data, strict: Bool, throughAPipe: Bool) throws -> [String]? {
    let folder = try ScratchFolder()
    try bytes.write(to: folder.file("c.nut"))
    func read(_ path: String) throws -> [String]? {
      let notes = Transcode.Notes()
      var options = ReaderOptions()
      options.strict = strict
      options.report = { notes.add($0) }
      do {
        let reader = try VideoReader(path: path, options: options)
        while try reader.next() != nil {}
      } catch {
        #expect(strict && !error.description.contains("\n"), "\(error)")
        return nil
      }
      return notes.lines
    }
    guard throughAPipe else { return try read(folder.path("c.nut")) }
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    var lines: [String]?
    try Tool.beside("cat '\(folder.path("c.nut"))' > '\(pipe)' || true") { lines = try read(pipe) }
    return lines
  }

  @Test(arguments: codecs, [false, true]) func nutWithoutItsEnd(_ codecs: String, throughAPipe: Bool) throws {
    let whole = try nut(codecs)
    #expect(try notes(whole, strict: true, throughAPipe: throughAPipe) == [])
    // Within packets, their headers and the index.
    for count in (0..<9).map({ whole.count * (4 + $0) / 13 + $0 }) + [whole.count - 30, whole.count - 1] {
      let said = try notes(whole.prefix(count), strict: false, throughAPipe: throughAPipe)
      #expect(said?.contains { $0.contains("ends early") } == true, "\(count) of \(whole.count): \(said ?? [])")
      #expect(try notes(whole.prefix(count), strict: true, throughAPipe: throughAPipe) == nil, "\(count)")
    }
  }

  /// Between two packets only the index tells.
  @Test(arguments: [false, true]) func nutWithoutAnIndex(throughAPipe: Bool) throws {
    let whole = try nut(Self.codecs[0])
    let index = try #require(
      whole.range(of: Data([0x4E, 0x58, 0xDD, 0x67, 0x2F, 0x23, 0xE6, 0x4E]), options: .backwards))
    let said = try notes(whole.prefix(index.lowerBound), strict: false, throughAPipe: throughAPipe)
    #expect(said?.count == 1 && said?.first?.contains("index is missing, unless") == true, "\(said ?? [])")
  }
}
