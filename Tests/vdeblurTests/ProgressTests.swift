import Foundation
import Testing

@testable import vdeblur

@Suite struct ProgressTests {
  /// Reads ffmpeg's grammar as its documentation has it: lines of `key=value`, blocks ended by `progress=`.
  static func blocks(_ text: String) throws -> [[String: String]] {
    var (blocks, block) = ([[String: String]](), [String: String]())
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      let (key, value) = (
        String(parts[0]), try #require(parts.count == 2 ? String(parts[1]) : nil, "no value: \(line)")
      )
      #expect(block[key] == nil, "\(key) twice in a block")
      block[key] = value.trimmingCharacters(in: .whitespaces)
      if key == "progress" {
        blocks.append(block)
        block = [:]
      }
    }
    #expect(block.isEmpty, "an unfinished block")
    return blocks
  }

  @Test(arguments: ["file", "-"])
  func speaksFfmpegsGrammar(to target: String) throws {
    let folder = try Folder.make()
    let result = try Program.run(
      Clip.uneven.path, "-o", "out.mkv", "--progress", target == "-" ? "-" : "progress.txt", "--strength", "0",
      folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let text =
      target == "-"
      ? result.text : try String(contentsOf: folder.appendingPathComponent("progress.txt"), encoding: .utf8)
    let blocks = try Self.blocks(text)
    let last = try #require(blocks.last)
    #expect(last["progress"] == "end")
    #expect(blocks.dropLast().allSatisfy { $0["progress"] == "continue" })
    let times = try Probe.frameTimes(Clip.uneven.path)
    #expect(last["frame"] == String(times.count))
    let microseconds = try #require(Int(last["out_time_us"] ?? ""))
    let length = times.last! - times.first!
    #expect(Double(microseconds) / 1e6 > length && Double(microseconds) / 1e6 < length + 0.2)
    #expect(last["out_time"]?.hasPrefix("00:00:00.") == true)
    let size =
      try FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent("out.mkv").path)[.size] as! Int
    #expect(last["total_size"] == String(size))
    #expect(Double(last["fps"] ?? "") != nil)
    #expect(Double(try #require(last["speed"]).dropLast()) != nil && last["speed"]!.hasSuffix("x"))
    #expect(blocks.allSatisfy { Set($0.keys) == Set(last.keys) })
  }

  @Test func noBarWithoutATerminal() throws {
    let folder = try Folder.make()
    let result = try Program.run(Clip.small.path, "-o", "out.mp4", "--strength", "0", folder: folder)
    #expect(!result.errors.contains("\r"))
    #expect(!result.errors.contains("\u{1B}"))
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("out.mp4: 8 frames"))
  }

  @Test func aBarOnATerminal() throws {
    let folder = try Folder.make()
    let result = try Program.shell(
      "script -qec \"stty cols 80; $VDEBLUR '\(Clip.small.path)' -o out.mp4 --strength 0\" /dev/null", folder: folder)
    #expect(result.status == 0)
    #expect(result.text.contains("8/8 frames"))
    #expect(result.text.contains("100%"))
    #expect(result.text.utf8.allSatisfy { $0 < 128 }, "plain ASCII")
  }

  @Test(arguments: [20, 40, 60, 80, 200])
  func theBarFitsTheTerminal(width: Int) {
    let advance = Advance(frames: 1234, expectedFrames: 98765, clipSeconds: 41.1, bytes: 12_345_678, elapsed: 4000)
    let text = ProgressBar.text(advance, width: width)
    #expect(text.count <= width)
    #expect(text.contains("%"))
    if width >= 80 { #expect(text.hasPrefix("[") && text.contains("ETA") && text.contains("1234/98765 frames")) }
  }

  @Test func anEstimateNeverExceedsAll() {
    var advance = Advance(frames: 30, expectedFrames: 20)
    #expect(advance.fraction == 1)
    advance.expectedFrames = nil
    #expect(advance.fraction == nil && advance.remaining == nil)
    #expect(ProgressBar.text(advance, width: 79).contains("30 frames"))
  }
}
