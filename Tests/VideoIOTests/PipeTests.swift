import Foundation
import TestSupport
import Testing
import VideoIO

/// Input and output through named pipes, which are read and written like standard input and output.
@Suite struct PipeTests {
  private static let withSound = "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac $OUT"

  @Test(arguments: ["c.mp4", "c.mov", "c.mkv", "c.ts", "c.nut"])
  func arrives(_ name: String) throws {
    let input = try Clip("piped", name, Self.withSound).make()
    let folder = try ScratchFolder()
    let pipe = folder.path("pipe"), output = folder.path("out.mkv")
    #expect(mkfifo(pipe, 0o600) == 0)
    var result: Transcode.Result?
    try Tool.beside("cat '\(input)' > '\(pipe)'") { result = try Transcode.identity(pipe, output) }
    let differences = try Fidelity(SourceFacts.of(input), output, result!).differences()
    #expect(differences.isEmpty, "\(differences)")
    // An MP4 from ffmpeg has its index last and says so.
    #expect(
      result!.notes.contains { $0.contains(/kept [1-9]\d* kB in a temporary file/) }
        == (name.hasSuffix("mp4") || name.hasSuffix("mov")))
  }

  @Test(arguments: ["matroska", "nut", "mpegts", "fmp4"])
  func leaves(_ format: String) throws {
    let input = try Clip("piped", "c.mp4", Self.withSound).make()
    let folder = try ScratchFolder()
    let pipe = folder.path("pipe"), output = folder.path("out.\(format == "fmp4" ? "mp4" : format)")
    #expect(mkfifo(pipe, 0o600) == 0)
    var result: Transcode.Result?
    try Tool.beside("cat '\(pipe)' > '\(output)'") { result = try Transcode.identity(input, pipe, format: format) }
    let differences = try Fidelity(SourceFacts.of(input), output, result!).differences()
    #expect(differences.isEmpty, "\(differences)")
  }

  @Test func y4mSaysWhatItLoses() throws {
    let input = try Clip("piped", "c.mp4", Self.withSound).make()
    let folder = try ScratchFolder()
    let result = try Transcode.identity(input, folder.path("out.y4m"))
    #expect(result.notes.contains { $0.contains("audio") })
    #expect(try Probe(folder.path("out.y4m")).packets.count == 25)
  }

  @Test func plainMP4IsRefused() throws {
    let input = try Clip("piped", "c.mp4", Self.withSound).make()
    let folder = try ScratchFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, pipe, format: "mp4") }
    #expect(error?.description.contains("-f matroska") == true)
  }

  @Test func closedPipeIsNamed() throws {
    signal(SIGPIPE, SIG_IGN)
    let input = try Clip("piped long", "c.mp4", "ff $(v 320x240 25 4) $x264 -crf 1 $OUT").make()
    let folder = try ScratchFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    try Tool.beside("head -c 1000 '\(pipe)' > /dev/null") {
      let error = #expect(throws: VideoError.self) { try Transcode.identity(input, pipe, format: "matroska") }
      #expect(error?.kind == .closedPipe)
    }
  }
}
