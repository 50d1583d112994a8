import ArgumentParser
import Logging
import VideoIO

/// `vdeblur plan INPUT -o OUTPUT --work FOLDER`: divides a run into parts that any machine can make.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Divide a run into parts, to be made on many machines.",
    usage: "vdeblur plan <input> -o <output> --work <folder> [options]",
    discussion: """
      EXAMPLES:
        vdeblur plan in.mp4 -o out.mp4 --work parts
        for k in $(seq 0 13); do vdeblur part parts $k; done
        vdeblur join parts

      Takes the options of a run. The folder then says what is to be done; parts may be made in any order, at the same \
      time, on any machine that computes the same bits. docs/cluster.md holds scripts for Slurm and GNU parallel.
      """)

  @OptionGroup(title: "Input") var input: InputArguments
  @OptionGroup(title: "Output") var output: OutputArguments
  @OptionGroup(title: "Picture") var picture: PictureArguments
  @OptionGroup(title: "Parts") var division: DivisionArguments
  @OptionGroup(title: "Messages") var report: ReportArguments

  @Option(help: ArgumentHelp("The folder of the parts.", valueName: "folder"), completion: .directory)
  var work: String

  func run() throws {
    let log = report.makeLogger()
    picture.applyThreads()
    let (inputPath, given) = try input.paths(output: output.output)
    guard let outputPath = given else {
      throw Failure.usage("no output given: add -o \(derivedName(from: inputPath, "deblurred"))")
    }
    var files = CommandFiles()
    try files.reads(inputPath, as: "the input")
    try picture.listWeights(in: &files)
    // It may be there because a plan of this folder has completed it.
    try files.writes(outputPath, as: "the result", overwrite: true)
    let folder = WorkFolder(path: work)
    let planning = Planning(input: input, output: output, picture: picture, division: division, log: log)
    let plan = try planning.prepare(inputPath, outputPath, folder, by: picture.deblurrer).plan
    let worker = Worker(folder: folder, plan: plan, log: log)
    let missing = worker.missing(isProven: false)
    let parts = plan.job.parts
    log.notice(
      "\(work): \(counted(parts.count, "part")) of at most \(parts.lengths.max()!) frames, \(parts.count - missing.count) of them there"
    )
  }
}
