import ArgumentParser
import Deblur
import Logging
import VideoIO

/// `vdeblur compare A B`: PSNR and SSIM of every frame and in sum.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure one clip against another: PSNR and SSIM, with a plot.",
    discussion: """
      EXAMPLES:
        vdeblur compare sharp.mp4 deblurred.mp4
        vdeblur compare sharp.mp4 blurred.mp4 deblurred.mp4      before, after, gain and harm
        vdeblur compare sharp.mp4 deblurred.mp4 --plot quality.svg --csv quality.csv
        vdeblur compare sharp.mp4 deblurred.mp4 --json | jq .meanPSNR

      All are taken as RGB with 8 bits; every frame counts, nothing is cropped or aligned; clips that are some frames \
      apart are refused. Harm: patches of 32x32 pixels whose squared error grows by more than half and by more than 16. \
      SSIM: Gaussian window of \
      11x11, sigma 1.5, K 0.01 and 0.03, mean of the three channels.
      """)

  @Argument(help: "The reference, such as the sharp original.", completion: .file())
  var first: String

  @Argument(help: "The clip to be measured.", completion: .file())
  var second: String

  @Argument(help: "Another to be measured: then the second is 'before' and this one 'after'.", completion: .file())
  var third: String?

  @Option(
    name: [.customLong("start"), .customLong("ss", withSingleDash: true)],
    help: ArgumentHelp("Begin here in each of them: seconds or hh:mm:ss.ms.", valueName: "time"))
  var start: Timestamp?

  @Option(
    name: [.customLong("duration"), .customShort("t")], help: ArgumentHelp("Compare this much.", valueName: "time"))
  var duration: Timestamp?

  @Flag(help: "Everything as JSON on standard output.")
  var json = false

  @Option(
    help: ArgumentHelp("Every frame's figures as CSV; '-' is standard output.", valueName: "file"), completion: .file())
  var csv: String?

  @Option(help: ArgumentHelp("A plot over time, as SVG for any browser.", valueName: "file"), completion: .file())
  var plot: String?

  @Flag(name: .customShort("y"), help: "Replace the files if they exist.")
  var overwrite = false

  @OptionGroup(title: "Messages") var report: ReportArguments

  mutating func validate() throws {
    if [first, second, third].count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Only one of the clips can be standard input.")
    }
    if json && csv == "-" {
      throw ValidationError("--json and --csv - both want standard output: name a file for one.")
    }
    if let plot, plot != "-", !plot.lowercased().hasSuffix(".svg") {
      throw ValidationError("--plot '\(plot)' is drawn as SVG: let its name end in .svg.")
    }
  }

  func run() throws {
    let log = report.makeLogger()
    var files = CommandFiles()
    let others = [second, third].compactMap(\.self)
    for clip in [first] + others { try files.reads(clip, as: "a clip to compare") }
    let csv = try csv.map { try files.writes($0, as: "--csv", overwrite: overwrite) }
    let plot = try plot.map { try files.writes($0, as: "--plot", overwrite: overwrite) }
    let isTableWanted = json || ![csv, plot].contains { $0?.isStandardOutput == true }
    if isTableWanted { try files.writesToStandardOutput() }
    let clips = try ClipComparison(first, others, segment: segment, display: report.display, log: log)
    for warning in clips.warnings { log.warning("\(warning)") }
    try plot?.write(Plot(comparisons: clips.comparisons).svg)
    if let harm = clips.harm {
      let result = GainReport(before: clips.comparisons[0], after: clips.comparisons[1], harm: harm)
      try csv?.write(result.csv)
      if json {
        try StandardOutput.write(json: result)
      } else if isTableWanted {
        try StandardOutput.write(result.text)
      }
    } else {
      let result = clips.comparisons[0]
      try csv?.write(result.csv)
      if json {
        try StandardOutput.write(json: result)
      } else if isTableWanted {
        try StandardOutput.write(Self.text(result))
      }
    }
  }

  private var segment: Segment? {
    guard start != nil || duration != nil else { return nil }
    let from = start?.seconds ?? 0
    return Segment(start: from, end: duration.map { from + $0.seconds })
  }

  static func text(_ result: Comparison) -> String {
    let worst = result.frames.min { $0.psnr < $1.psnr }!
    return """
      \(result.first.printable) against \(result.second.printable): \(result.width)x\(result.height), \(counted(result.frames.count, "frame"))
      \(table([
        ["", "PSNR", "SSIM"],
        ["mean", "\(fixed(result.meanPSNR, 2)) dB", fixed(result.meanSSIM, 4)],
        ["overall", "\(fixed(result.overallPSNR, 2)) dB", ""],
        ["worst frame", "\(fixed(worst.psnr, 2)) dB", "frame \(worst.frame), \(clock(worst.time)) s"],
      ], rightAligned: [1]))\(Comparison.protocolNote)

      """
  }
}
