import ArgumentParser
import Logging
import VideoIO

/// `vdeblur join FOLDER`: makes the output of all parts.
struct Join: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join the parts of a plan into the output.",
    usage: "vdeblur join <folder> [-i <input>] [-y]",
    discussion: """
      EXAMPLES:
        vdeblur join parts

      Sound, subtitles, chapters and tags come from the input. Every part is read to its end and proven; neighbours must \
      have decoded the same frames where they meet. The folder stays as it is, to be removed by you.
      """)

  @Argument(help: "The folder of the parts.", completion: .directory)
  var folder: String

  @Option(
    name: .customShort("i"),
    help: ArgumentHelp("The input, where it lies elsewhere on this machine.", valueName: "input"),
    completion: .file())
  var input: String?

  @Flag(name: .customShort("y"), help: "Replace the output if it exists, once the new one is complete.")
  var overwrite = false

  @OptionGroup(title: "Messages") var report: ReportArguments

  func run() throws {
    let log = report.makeLogger()
    let place = WorkFolder(path: folder)
    let plan = try place.existingPlan()
    if place.isJoined(plan.output) { return log.notice("\(plan.output): is complete already") }
    let worker = Worker(folder: place, plan: plan, log: log)
    let missing = worker.missing(isProven: false)
    guard missing.isEmpty else {
      throw Failure.usage(
        "\(folder): \(counted(missing.count, "part")) of \(plan.job.parts.count) missing: \(ranges(missing)); "
          + "make them first: vdeblur part \(folder) \(missing[0])")
    }
    try plan.job.machine.checkVersions()
    let path = input ?? plan.input
    let overwrite = overwrite || plan.overwrite
    var files = CommandFiles()
    try files.reads(place.planFile, as: "the plan")
    try files.reads(path, as: "the input")
    for part in 0..<plan.job.parts.count { try files.reads(place.place(part, of: plan).path, as: "a part") }
    try files.writes(plan.output, as: "the result", overwrite: overwrite)
    try plan.checkInput(path, isProven: true)
    let source = try Source(path: path, options: plan.reading { log.warning("\($0)") })
    let began = ContinuousClock.now
    let summary = try worker.join(source.info, to: plan.output, overwrite: overwrite)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    log.notice(
      "\(plan.output): \(counted(summary.frames, "frame")) of \(counted(plan.job.parts.count, "part")) in \(span(seconds)), \(byteCount(Int(summary.bytes)))"
    )
  }
}
