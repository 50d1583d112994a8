import Foundation
import TestSupport
import Testing

/// What the program says about itself and about a wrong command line.
@Suite struct UsageTests {
  @Test func helpShowsExamplesFirst() throws {
    let help = try Program.run("--help")
    #expect(help.status == 0)
    #expect(help.errors.isEmpty)
    let examples = try #require(help.text.range(of: "EXAMPLES:"))
    let options = try #require(help.text.range(of: "--model"))
    #expect(examples.lowerBound < options.lowerBound)
    for option in [
      "-ss", "-to", "-t,", "-c:v", "--crf", "-y", "-n", "-i <input>", "--strength", "--progress", "--verify",
      "--profile",
    ] {
      #expect(help.text.contains(option), "the help lacks \(option)")
    }
    #expect(help.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "lines wider than a terminal")
  }

  @Test(arguments: ["preview", "compare", "info", "models", "plan", "part", "status", "join"])
  func everyCommandHasExamples(command: String) throws {
    let help = try Program.run(command, "--help")
    #expect(help.status == 0)
    #expect(help.text.contains("EXAMPLES:"))
    #expect(help.text.contains("vdeblur \(command)"))
  }

  @Test(arguments: ["--version", "-version", "version"])
  func tellsItsVersion(spelling: String) throws {
    let version = try Program.run(spelling)
    #expect(version.status == 0)
    #expect(version.text.split(separator: ".").count == 3)
  }

  @Test(
    arguments: [
      (["in.mp4", "-o", "out.mp4", "--strenght", "0.5"], "did you mean '--strength'"),
      (["preview", "in.mp4", "--layuot", "side"], "did you mean '--layout'"),
      (["prewiew", "in.mp4", "--frame", "3"], "did you mean 'vdeblur preview'"),
      ([], "no input given"),
      (["-"], "no output given: add -o stdin-deblurred.mkv"),
      (["in.mp4", "-o", "out.mp4", "--end", "3", "--duration", "2"], "contradict"),
      (["in.mp4", "-o", "out.mp4", "--start", "5", "--end", "3"], "does not lie after the start"),
      (["in.mp4", "-o", "out.mp4", "-y", "-n"], "contradict"),
      (["in.mp4", "-o", "out.mp4", "-q", "-v"], "contradict"),
      (["in.mp4", "-o", "out.mp4", "--strength", "1.5"], "outside 0"),
      (["in.mp4", "-o", "out.mp4", "--threads", "0"], "outside 1"),
      (["in.mp4", "-o", "out.mp4", "--start", "soon"], "'soon'"),
      (["in.mp4", "-o", "out.mp4", "--start", "9100000000000", "--end", "1"], "does not lie after the start"),
      (["in.mp4", "-o", "out.mp4", "--start", "99999999999999999999", "--end", "1"], "'99999999999999999999'"),
      (["preview", "in.mp4", "--frame", "99999999999999999999"], "'99999999999999999999'"),
      (["preview", "in.mp4", "--frame", "1e20"], "'1e20'"),
      (["in.mp4", "-o", "out.mp4", "--crf", "inf"], "outside 0-255"),
      (["in.mp4", "-o", "out.mp4", "--crf", "nan"], "outside 0-255"),
      (["in.mp4", "-o", "out.mp4", "--crf", "1e300"], "outside 0-255"),
      (["in.mp4", "-o", "out.mp4", "--strength", "nan"], "outside 0"),
      (["in.mp4", "-o", "-"], "add -f matroska"),
      (["in.mp4", "-o", "-", "-f", "matroska", "--progress", "-"], "both want standard output"),
      (["in.mp4", "-o", "-", "-f", "matroska", "--verify"], "cannot read a pipe again"),
      (["a.mp4", "b.mp4", "c.mp4"], "'c.mp4'"),
      (["a.mp4", "b.mp4", "c.mp4", "--work", "parts"], "--work \"$clip.parts\""),
      (["a.mp4", "b.mp4", "-O", "sharp", "--work", "parts"], "--work \"$clip.parts\""),
      (["a.mp4", "--suffix", "-sharp", "--work", "parts"], "--work \"$clip.parts\""),
      (["a.mp4", "b.mp4", "-o", "c.mp4"], "'b.mp4' is one file too many"),
      (["in.mp4", "-o", "out.mp4", "-e", "novalue"], "novalue"),
      (["preview", "in.mp4", "--frame", "3", "--start", "1"], "leave --start"),
      (["preview", "in.mp4", "--frame", "3", "-o", "-"], "name a file"),
      (["preview", "in.mp4", "--frame", "3", "--layout", "wipe"], "leave --layout out"),
      (["preview", "in.mp4", "--layout", "diagonal"], "'side', 'split', 'wipe' or 'stack'"),
      (["inof", "in.mp4"], "did you mean 'vdeblur info'"),
      (["in.mp4", "-vf", "scale=2", "out.mp4"], "filter before or after with ffmpeg"),
      (["-i", "in.mp4", "-an", "out.mp4"], "every stream is kept"),
      (["-i", "in.mp4", "-b:v", "2M", "out.mp4"], "--crf NUMBER"),
      (["-hwaccel", "cuda", "-i", "in.mp4", "out.mp4"], "CPU alone"),
      (["-i", "in.mp4", "-c:a", "aac", "out.mp4"], "sound is copied"),
      (["https://example.org/in.mp4", "-o", "out.mp4"], "curl -L"),
      (["compare", "-", "-"], "Only one"),
      (["compare", "a.mp4"], "second"),
      (["compare", "a.mp4", "b.mp4", "--plot", "p.png"], "end in .svg"),
    ] as [([String], String)])
  func refusesInOneLineWithARemedy(arguments: [String], words: String) throws {
    let result = try Program.run(arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("vdeblur: "))
    #expect(result.errors.lowercased().contains(words.lowercased()), "\(result.errors)")
  }

  @Test func namesAnUnknownModelAndTheKnownOnes() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(Clip.small.path, "-o", "out.mp4", "--model", "slow", folder: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("'slow' is unknown: choose fast or paper or a"))
    #expect(folder.contents.isEmpty)
  }

  @Test func whatCannotGoThroughAPipeIsSaidOfTheOutput() throws {
    let result = try Program.run(Clip.small.path, "-o", "-", "-f", "mp4")
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("vdeblur: standard output: mp4 cannot go through a pipe"), "\(result.errors)")
  }

  /// A wrong line names the page that has the options of its own command.
  @Test(arguments: ["preview", "compare", "info", "models", "plan", "part", "status", "join"])
  func aWrongLineNamesItsOwnHelp(command: String) throws {
    for words in [[command, "--wrong"], [command]] where words != ["models"] {
      let result = try Program.run(words)
      #expect(result.status == 2 && result.errorLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains("'vdeblur \(command) --help'"), "\(result.errors)")
    }
    #expect(try Program.run("--wrong").errors.contains("'vdeblur --help'"))
  }

  @Test func aFolderIsNoResult() throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      at: folder.file("sharp"), withIntermediateDirectories: true)
    let result = try Program.run(Clip.small.path, "-o", "sharp", folder: folder)
    #expect(result.status == 4 && result.errors.contains("is a folder"), "\(result.errors)")
    // Nor is it a clip; its files are.
    let clips = try Program.run("sharp", "-O", "out", folder: folder)
    #expect(clips.status == 3 && clips.errors.contains("name a video in it, or several: sharp/*"), "\(clips.errors)")
  }

  @Test func whoTypesADashAtATerminalIsToldWhatIsMissing() throws {
    let result = try Program.shell(
      "echo | timeout 20 script -qec \"$VDEBLUR - -o out.mkv\" /dev/null")
    #expect(result.text.contains("waiting for a video on standard input"), "\(result.text)")
  }

  @Test func refusesAForeignWeightsFile() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(Clip.small.path, "-o", "out.mp4", "--model", Clip.small.path, folder: folder)
    #expect(result.status == 1)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains(Clip.small.path))
    #expect(folder.contents.isEmpty)
  }

  @Test func refusesToFillATerminalWithVideo() throws {
    // script(1) gives the program a terminal as its standard output.
    let result = try Program.shell(
      "script -qec \"$VDEBLUR '\(Clip.small.path)' -o - -f matroska --strength 0\" /dev/null")
    #expect(result.status == 4)
    #expect(result.text.contains("standard output is a terminal"))
    #expect(result.output.count < 400)
  }
}
