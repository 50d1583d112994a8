import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import vdeblur

@Suite struct CompareTests {
  struct Report: Decodable {
    struct Frame: Decodable {
      let frame: Int
      let time: Double
      let psnr: Double
      let ssim: Double
    }
    let frames: [Frame]
    let meanPSNR: Double
    let overallPSNR: Double
    let meanSSIM: Double
  }

  /// On RGB both measure the same: the mean squared error over all samples of a frame.
  @Test func agreesWithFfmpegsPsnrFilter() throws {
    let folder = try ScratchFolder()
    let result = try Program.run("compare", Clip.lossless.path, Clip.noisy.path, "--json")
    #expect(result.status == 0, "\(result.errors)")
    let ours = try JSONDecoder().decode(Report.self, from: result.output)
    let theirs = try Program.shell(
      "ffmpeg -nostdin -v info -i '\(Clip.noisy.path)' -i '\(Clip.lossless.path)' -lavfi psnr=stats_file=psnr.txt -f null - 2>&1",
      folder: folder)
    let stats = try String(contentsOf: folder.file("psnr.txt"), encoding: .utf8).split(
      separator: "\n")
    #expect(stats.count == 6 && ours.frames.count == 6)
    for (line, frame) in zip(stats, ours.frames) {
      let field = try #require(line.split(separator: " ").first { $0.hasPrefix("psnr_avg:") })
      #expect(abs(try #require(Double(field.dropFirst(9))) - frame.psnr) < 0.006)  // ffmpeg prints two digits
    }
    let average = try #require(
      theirs.text.range(of: "average:").map { theirs.text[$0.upperBound...].prefix { $0 != " " } })
    #expect(abs(try #require(Double(average)) - ours.overallPSNR) < 1e-3)
    #expect(ours.frames.allSatisfy { $0.ssim > 0 && $0.ssim < 1 })
  }

  @Test func equalClipsAreEqual() throws {
    let result = try Program.run("compare", Clip.small.path, Clip.small.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text.contains("100.00 dB"))
    #expect(result.text.contains("1.0000"))
    #expect(result.text.contains("inf dB"))
    #expect(result.text.contains("Gaussian 11x11"), "the definition stands beside the figures")
  }

  @Test func writesTableAndPlot() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(
      "compare", Clip.small.path, Clip.coarse.path, "--csv", "q.csv", "--plot", "q & a.svg", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let rows = try String(contentsOf: folder.file("q.csv"), encoding: .utf8).split(separator: "\n")
    #expect(rows[0] == "frame,time,psnr,ssim")
    #expect(rows.count == 9)
    #expect(rows[1...].allSatisfy { $0.split(separator: ",").compactMap { Double($0) }.count == 4 })
    let svg = try Data(contentsOf: folder.file("q & a.svg"))
    #expect(XMLParser(data: svg).parse(), "well-formed XML")
    let text = String(decoding: svg, as: UTF8.self)
    for label in ["PSNR, dB", "SSIM", "time, s", "small.mp4 against", "coarse.mp4"] { #expect(text.contains(label)) }
    #expect(folder.contents == ["q & a.svg", "q.csv"])
    let again = try Program.run("compare", Clip.small.path, Clip.coarse.path, "--csv", "q.csv", folder: folder)
    #expect(again.status == 4 && again.errors.contains("-y"))
  }

  @Test func clipsOfTwoSizesAreRefused() throws {
    let result = try Program.run("compare", Clip.small.path, Clip.uneven.path)
    #expect(result.status == 3)
    #expect(result.errors.contains("64x48") && result.errors.contains("96x64"))
  }

  /// Both against the reference in one pass: the same figures as of two comparisons, and their difference.
  @Test func beforeAndAfterAreComparedAtOnce() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(
      "compare", Clip.lossless.path, Clip.noisy.path, Clip.lossless.path, "--json", "--csv", "q.csv", "--plot", "q.svg",
      folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    struct Gain: Decodable {
      struct Harm: Decodable { let share, largestGrowth: Double, patches: Int }
      let before: Report
      let gainPSNR, gainSSIM: Double
      let harm: Harm
    }
    let gain = try JSONDecoder().decode(Gain.self, from: result.output)
    let alone = try JSONDecoder().decode(
      Report.self, from: Program.run("compare", Clip.lossless.path, Clip.noisy.path, "--json").output)
    #expect(gain.before.meanPSNR == alone.meanPSNR && gain.before.meanSSIM == alone.meanSSIM)
    #expect(abs(gain.gainPSNR - (100 - alone.meanPSNR)) < 1e-9)
    // 96×64 are six patches, in six frames; nothing that becomes the reference is harmed.
    #expect(gain.harm.patches == 36 && gain.harm.share == 0 && gain.harm.largestGrowth == 0)
    let csv = try String(contentsOf: folder.file("q.csv"), encoding: .utf8)
    #expect(csv.hasPrefix("frame,time,psnr_before,psnr_after,ssim_before,ssim_after\n"))
    let svg = try Data(contentsOf: folder.file("q.svg"))
    #expect(XMLParser(data: svg).parse())
    #expect(String(decoding: svg, as: UTF8.self).matches(of: /<polyline/).count == 4)

    // The other way round all is harmed, and the gain has the other sign.
    let worse = try Program.run("compare", Clip.lossless.path, Clip.lossless.path, Clip.noisy.path)
    #expect(worse.text.contains("harm:   100.00 % of the patches"), "\(worse.text)")
    #expect(worse.text.contains(/PSNR, mean +100\.00 dB +\d+\.\d\d dB +-\d+\.\d\d/), "\(worse.text)")
  }

  @Test func clipsThatDoNotLineUpGetNoScore() throws {
    let folder = try ScratchFolder()
    let made = try Program.shell(
      "ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25:duration=1.2 -vf scroll=horizontal=0.02 -c:v ffv1 -pix_fmt gbrp all.mkv; "
        + "ffmpeg -nostdin -v error -i all.mkv -vf select='gte(n\\,3)',setpts=N/25/TB -c:v ffv1 cut.mkv", folder: folder
    )
    #expect(made.status == 0, "\(made.errors)")
    for (clips, words) in [
      (["all.mkv", "cut.mkv"], "cut.mkv: shows the scene 3 frames earlier than all.mkv"),
      (["cut.mkv", "all.mkv"], "all.mkv: shows the scene 3 frames later than cut.mkv"),
      (["cut.mkv", "cut.mkv", "all.mkv"], "all.mkv: shows the scene 3 frames later than cut.mkv"),
    ] {
      let result = try Program.run(["compare"] + clips, folder: folder)
      #expect(result.status == 3 && result.output.isEmpty)
      #expect(result.errors.contains(words), "\(result.errors)")
    }
    let same = try Program.run("compare", "all.mkv", "all.mkv", folder: folder)
    #expect(same.status == 0, "\(same.errors)")
  }

  /// A cut of the result beside the whole original, or the other way round.
  @Test func aCutFromTheMiddleIsSaidToBeOne() throws {
    let folder = try ScratchFolder()
    let made = try Program.shell(
      "ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25:duration=3 -vf scroll=horizontal=0.003 -c:v ffv1 -pix_fmt gbrp all.mkv; "
        + "for name in cut:55:5 long:30:20; do IFS=: read -r out from count <<<\"$name\"; "
        + "ffmpeg -nostdin -v error -i all.mkv -vf select=\"gte(n\\,$from)\",setpts=PTS-STARTPTS -frames:v $count -c:v ffv1 $out.mkv; done",
      folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    for (clips, words) in [
      (["all.mkv", "cut.mkv"], "cut.mkv: begins with what all.mkv shows at 2.200 s"),
      (["long.mkv", "all.mkv"], "long.mkv: begins with what all.mkv shows at 1.200 s"),
      (["all.mkv", "all.mkv", "cut.mkv"], "cut.mkv: begins with what all.mkv shows at 2.200 s"),
    ] {
      let result = try Program.run(["compare"] + clips, folder: folder)
      #expect(result.status == 3 && result.output.isEmpty && result.errorLines.count == 1, "\(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
    // The command that it names makes the clip that lines up.
    let remedy = try Program.shell(
      "ffmpeg -nostdin -v error -ss 2.200 -i all.mkv -c:v ffv1 CUT.mkv && $VDEBLUR compare CUT.mkv cut.mkv",
      folder: folder)
    #expect(remedy.status == 0 && remedy.text.contains("100.00 dB"), "\(remedy.errors)")
  }

  @Test func aPartIsCompared() throws {
    let result = try Program.run(
      "compare", Clip.lossless.path, Clip.noisy.path, "--start", "0.08", "--duration", "0.08", "--json")
    #expect(result.status == 0, "\(result.errors)")
    let part = try JSONDecoder().decode(Report.self, from: result.output)
    let whole = try JSONDecoder().decode(
      Report.self, from: Program.run("compare", Clip.lossless.path, Clip.noisy.path, "--json").output)
    #expect(part.frames.map(\.psnr) == whole.frames[2..<4].map(\.psnr))
  }

  @Test func aShorterClipIsSaid() throws {
    let folder = try ScratchFolder()
    let part = try Program.run(
      Clip.lossless.path, "-o", "p.mkv", "-c:v", "ffv1", "-t", "0.12", "--strength", "0", folder: folder)
    #expect(part.status == 0, "\(part.errors)")
    let result = try Program.run("compare", Clip.lossless.path, "p.mkv", folder: folder)
    #expect(result.status == 0)
    #expect(result.errors.contains("3 more frames"), "\(result.errors)")
  }
}

@Suite struct AxisTests {
  @Test(
    arguments: [
      ([23.4, 31.9], 5), ([0.91234, 0.91239], 5), ([0, 7200], 8), ([42, 42], 5), ([0], 8), ([100, 100], 5),
    ] as [([Double], Int)])
  func endsOnRoundNumbersAroundAllValues(values: [Double], ticks: Int) {
    let axis = Axis(covering: values, ticks: ticks)
    #expect(axis.low <= values.min()! + 1e-9 && axis.high >= values.max()! - 1e-9)
    #expect((2...ticks + 3).contains(axis.ticks.count), "\(axis.ticks)")
    #expect(Set(axis.ticks.map(axis.label)).count == axis.ticks.count, "labels that tell the ticks apart")
  }
}
