import ArgumentParser
import Deblur
import Logging
import VideoIO

/// `vdeblur part FOLDER NUMBER`: makes one part of a plan.
struct Part: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make one part of a plan.",
    usage: "vdeblur part <folder> <number> [-i <input>] [--model <file>] [--threads <n>]",
    discussion: """
      EXAMPLES:
        vdeblur part parts 7
        vdeblur part . 00007-3fa18c0e5b7d2f46 -i in.mp4      where the input lies elsewhere

      A part that is there already is left as it is. Exit status 5 says that this machine computes other bits than the \
      one that made the plan: the part must be made on another.
      """)

  @Argument(help: "The folder of the parts.", completion: .directory)
  var folder: String

  @Argument(help: "Which part, from 0, or the name of its file.")
  var number: String

  @Option(
    name: .customShort("i"),
    help: ArgumentHelp("The input, where it lies elsewhere on this machine.", valueName: "input"),
    completion: .file())
  var input: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The weights, where they lie elsewhere on this machine.", valueName: "file")
  )
  var model: String?

  @Option(
    name: [.long, .customLong("threads", withSingleDash: true)], help: ArgumentHelp("Cores to use.", valueName: "n"))
  var threads: Int?

  @OptionGroup(title: "Messages") var report: ReportArguments

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads \(threads) is outside 1-1024.") }
  }

  func run() throws {
    let log = report.makeLogger()
    let place = WorkFolder(path: folder)
    let plan = try place.existingPlan()
    let parts = plan.job.parts
    guard let part = Int(number.prefix { $0.isNumber }), (0..<parts.count).contains(part) else {
      throw Failure.usage("\(folder): there is no part '\(number)': they count from 0 to \(parts.count - 1)")
    }
    let file = place.place(part, of: plan).path
    var picture = PictureArguments()
    (picture.model, picture.strength, picture.threads) = (model ?? plan.model, plan.job.strength, threads)
    var files = CommandFiles()
    try files.reads(place.planFile, as: "the plan")
    try files.reads(input ?? plan.input, as: "the input")
    try picture.listWeights(in: &files)
    // Before a look at what is there: what is proven to be no part is removed.
    try files.checkWrites(file, as: "the part")
    if place.part(part, of: plan, isProven: true, report: { log.warning("\($0)") }) != nil {
      return log.notice("\(file): is there already")
    }
    try plan.job.machine.checkVersions()
    try plan.job.machine.pin()
    picture.applyThreads()
    try place.makeFolders()
    let (source, deblurrer) = try open(plan, picture, log)

    let meter = Progress(expectedFrames: parts.lengths[part], display: report.display, report: nil)
    let worker = Worker(folder: place, plan: plan, log: log)
    let summary = try worker.make(part..<part + 1, of: source, deblurrer, meter)
    try meter.finish(bytes: Int(summary.bytes))
    log.notice(
      "\(closingLine(file, frames: summary.frames, bytes: Int(summary.bytes), seconds: meter.summary.elapsed))")
  }

  /// The source and the network, once it is clear that they are the plan's and that this machine computes the same bits.
  private func open(_ plan: WorkPlan, _ picture: PictureArguments, _ log: Logger) throws -> (Source, Deblurrer?) {
    let path = input ?? plan.input
    try plan.checkInput(path, isProven: false)
    let source = try Source(path: path, options: plan.reading { log.warning("\($0)") })
    let deblurrer = try picture.deblurrer()
    if let url = deblurrer?.model.url, try SHA256.hex(ofFile: url.path) != plan.job.weights {
      throw Failure(
        .otherMachine, "\(url.path): not on this machine: the plan is for other weights; give them with --model")
    }
    if let shortage = MemoryNeed(of: source, deblurrer).shortage { log.warning("\(shortage)") }
    try plan.job.machine.check(Machine(deblurrer, source.info, output: plan.output, options: plan.coding { _ in }))
    return (source, deblurrer)
  }
}
