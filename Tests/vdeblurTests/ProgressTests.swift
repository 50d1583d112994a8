import Foundation
import TestSupport
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
    let folder = try ScratchFolder()
    let result = try Program.run(
      Clip.uneven.path, "-o", "out.mkv", "--progress", target == "-" ? "-" : "progress.txt", "--strength", "0",
      folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let text =
      target == "-"
      ? result.text : try String(contentsOf: folder.file("progress.txt"), encoding: .utf8)
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
      try FileManager.default.attributesOfItem(atPath: folder.path("out.mkv"))[.size] as! Int
    #expect(last["total_size"] == String(size))
    #expect(Double(last["fps"] ?? "") != nil)
    #expect(Double(try #require(last["speed"]).dropLast()) != nil && last["speed"]!.hasSuffix("x"))
    #expect(blocks.allSatisfy { Set($0.keys) == Set(last.keys) })
  }

  /// The same clip through ffmpeg itself: the same keys in the same order, every value of the same form.
  @Test func readsLikeFfmpegsOwn() throws {
    let folder = try ScratchFolder()
    let ours = try Program.run(
      "-nostats", "-progress", "pipe:1", "-i", Clip.small.path, "-c:v", "ffv1", "--strength", "0", "ours.mkv",
      folder: folder)
    let theirs = try Program.shell(
      "ffmpeg -nostdin -v error -nostats -progress pipe:1 -i '\(Clip.small.path)' -c:v ffv1 theirs.mkv", folder: folder)
    #expect(ours.status == 0 && theirs.status == 0, "\(ours.errors)\(theirs.errors)")
    let fields = { (text: String) in
      text.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    }
    // Its own encoder's quantiser is ffmpeg's private matter. The last block says it all.
    let wanted = Array(fields(theirs.text).filter { !$0[0].hasPrefix("stream_") }.suffix(11))
    let found = Array(fields(ours.text).suffix(11))
    #expect(found.map { $0[0] } == wanted.map { $0[0] })
    let form = { (value: String) in
      value.trimmingCharacters(in: .whitespaces).replacing(/[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?/, with: "#")
    }
    #expect(found.map { form($0[1]) } == wanted.map { form($0[1]) })
    for key in ["frame", "dup_frames", "drop_frames", "progress"] {
      #expect(found.first { $0[0] == key } == wanted.first { $0[0] == key })
    }
    let clock = try #require(found.first { $0[0] == "out_time" })[1]
    #expect(clock.wholeMatch(of: /\d\d:\d\d:\d\d\.\d{6}/) != nil, "as wide as ffmpeg's: \(clock)")
  }

  private static let python = ProcessInfo.processInfo.environment["VDEBLUR_PYTHON"] ?? "python3"

  /// A program written for ffmpeg drives us alike: the reader that ffmpeg-normalize and others use, where
  /// `python3` (or `$VDEBLUR_PYTHON`) has it: `pip install ffmpeg-progress-yield`.
  @Test(.enabled { (try? Program.shell("\(python) -c 'import ffmpeg_progress_yield'"))?.status == 0 })
  func aReaderMadeForFfmpegFollows() throws {
    let script = """
      import sys
      from ffmpeg_progress_yield import FfmpegProgress
      program, clip, result = sys.argv[1:]
      seen = FfmpegProgress([program, "-i", clip, result]).run_command_with_progress(duration_override=3.75)
      print(*seen)
      """
    let folder = try ScratchFolder()
    let result = try Command.run(
      "/usr/bin/env", [Self.python, "-c", script, Program.path, Clip.slow.path, "out.mkv"], folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    // It gives 0 before the first block and 100 after the process. What lies between was read; of 3.75 s it makes 3.075.
    let percentages = result.text.split { $0.isWhitespace }.compactMap { Double($0) }
    #expect(percentages.count >= 4 && percentages == percentages.sorted(), "\(percentages)")
    #expect(percentages.dropLast().last == 82)
  }

  @Test func noBarWithoutATerminal() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(Clip.small.path, "-o", "out.mp4", "--strength", "0", folder: folder)
    #expect(!result.errors.contains("\r"))
    #expect(!result.errors.contains("\u{1B}"))
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("out.mp4: 8 frames"))
  }

  @Test func aBarOnATerminal() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "script -qec \"stty cols 80; $VDEBLUR '\(Clip.small.path)' -o out.mp4 --strength 0\" /dev/null", folder: folder)
    #expect(result.status == 0)
    #expect(result.text.contains("8/8 frames"))
    #expect(result.text.contains("100%"))
    #expect(result.text.utf8.allSatisfy { $0 < 128 }, "plain ASCII")
  }

  /// In colour, unless the user wants none (https://no-color.org).
  @Test(arguments: [("env -u NO_COLOR", true), ("NO_COLOR=", true), ("NO_COLOR=1", false)])
  func theBarHasColour(setting: String, isColoured: Bool) throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "script -qec \"stty cols 80; TERM=xterm \(setting) $VDEBLUR '\(Clip.small.path)' -o out.mp4 --strength 0\" /dev/null",
      folder: folder)
    #expect(result.status == 0)
    #expect(result.text.contains("\u{1B}[36m") == isColoured, "\(result.text)")
  }

  @Test func noBarOnADumbTerminal() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "script -qec \"TERM=dumb $VDEBLUR '\(Clip.small.path)' -o out.mp4 --strength 0\" /dev/null", folder: folder)
    #expect(result.status == 0)
    #expect(!result.text.contains("\u{1B}"))
    #expect(result.text.contains("out.mp4: 8 frames"))
  }

  /// What an earlier run has done counts for how much there is, not for the pace.
  @Test func aResumedRunBeginsWhereItStopped() {
    var advance = Advance(frames: 600, expectedFrames: 1000, framesBefore: 600)
    #expect(advance.fraction == 0.6 && advance.framesPerSecond == 0 && advance.remaining == nil)
    (advance.frames, advance.elapsed) = (700, 50)
    #expect(advance.framesPerSecond == 2)
    #expect(abs(advance.remaining! - 150) < 1e-9)
  }

  @Test func aResumedRunReportsAllFrames() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      line="\(Clip.long.path) -o out.mkv --strength 0 --preset ultrafast --part-frames 100 -q"
      $VDEBLUR plan ${line/-q/} --work dir -q && $VDEBLUR part dir 0 -q && $VDEBLUR part dir 2 -q && $VDEBLUR $line --work dir --progress report
      """, folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let report = try String(contentsOf: folder.file("report"), encoding: .utf8)
    let counts = report.split(separator: "\n").filter { $0.hasPrefix("frame=") }.compactMap { Int($0.dropFirst(6)) }
    // Parts of 100, 75 and 75 frames, the second of which is missing.
    #expect(counts.first! > 150 && counts.last == 250, "\(counts)")
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
