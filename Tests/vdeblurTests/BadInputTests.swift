import Foundation
import TestSupport
import Testing

/// Every unusable input: one clear line that names the file, exit status 3, and no file left.
@Suite struct BadInputTests {
  enum Kind: String, CaseIterable {
    case missing, text, empty, folder, soundOnly, truncatedHeader
  }

  @Test(arguments: Kind.allCases, [["-o", "out.mp4"], ["preview"], ["info"], ["compare"]])
  func oneLineAndNoFile(kind: Kind, command: [String]) throws {
    let (inputs, work) = (try ScratchFolder(), try ScratchFolder())
    let path = inputs.path("bad.mp4")
    switch kind {
    case .missing: break
    case .text: try Data("This is a letter, not a video.\n".utf8).write(to: URL(fileURLWithPath: path))
    case .empty: try Data().write(to: URL(fileURLWithPath: path))
    case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    case .soundOnly: try FileManager.default.copyItem(atPath: Clip.soundOnly.path, toPath: path)
    case .truncatedHeader:
      // ffmpeg puts the index of an mp4 at its end: half a file is a recording that was never finished.
      let whole = try Data(contentsOf: URL(fileURLWithPath: Clip.small.path))
      try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
    }
    let arguments =
      switch command[0] {
      case "-o": [path] + command
      case "compare": ["compare", path, Clip.small.path]
      default: [command[0], path]
      }
    let result = try Program.run(arguments, folder: work)
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("vdeblur: \(path): "), "\(result.errors)")
    #expect(result.output.isEmpty)
    #expect(work.contents.isEmpty)
  }

  @Test func emptyStandardInputIsNamed() throws {
    let work = try ScratchFolder()
    let result = try Program.run("-", "-o", "out.mkv", folder: work)
    #expect(result.status == 3)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("standard input"))
    #expect(work.contents.isEmpty)
  }
}
