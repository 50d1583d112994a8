import ArgumentParser
import Deblur
import Logging
import VideoIO

/// `vdeblur INPUT -o OUTPUT`: the whole clip, or a segment of it.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: VDeblur.configuration.abstract,
    usage: """
      vdeblur <input> [-o <output>] [options]
      vdeblur <input> ... -O <folder> [options]
      """,
    discussion: VDeblur.examples,
    shouldDisplay: false)

  @OptionGroup(title: "Input") var input: InputArguments
  @OptionGroup(title: "Output") var output: OutputArguments
  @OptionGroup(title: "Picture") var picture: PictureArguments
  @OptionGroup(title: "Parts") var division: DivisionArguments
  @OptionGroup(title: "Messages") var report: ReportArguments

  @Option(
    name: [.customShort("O"), .customLong("output-folder")],
    help: ArgumentHelp("Where the results of several clips go; made if it is not there.", valueName: "folder"),
    completion: .directory)
  var folder: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What the name of each clip's result ends with: -deblurred, or nothing with -O.", valueName: "text"))
  var suffix: String?

  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false

  @Option(
    name: [.long, .customLong("progress", withSingleDash: true)],
    help: ArgumentHelp(
      "Progress for programs, in the grammar of ffmpeg -progress; '-' is standard output.", valueName: "file"))
  var progress: String?

  @Option(
    help: ArgumentHelp(
      "Keep what is done in this folder: after an interruption the same line goes on from there.", valueName: "folder"),
    completion: .directory)
  var work: String?

  @Flag(help: "Re-open the result and check frame count, times and copied packets.")
  var verify = false

  @Flag(help: "Say where the time went, by stage and layer.")
  var profile = false

  func run() throws {
    let log = report.makeLogger()
    picture.applyThreads()
    if work != nil, isBatch || input.clips.count > 2 {
      throw Failure.usage(
        "--work is the folder of one clip: give each a run and a folder of its own: "
          + "for clip in *.mp4; do vdeblur \"$clip\" --work \"$clip.parts\"; done")
    }
    if isBatch {
      try Batch(self, log: log).run()
    } else {
      let (inputPath, outputPath) = try paths()
      if dryRun { return try Batch(self, log: log).describe([ClipJob(input: inputPath, output: outputPath)]) }
      if profile { Profile.active = Profile() }
      try process(
        ClipJob(input: inputPath, output: outputPath), by: picture.deblurrer, display: report.display, log: log)
    }
  }

  /// Whether all files are clips, each with a result of its own.
  var isBatch: Bool { folder != nil || suffix != nil }

  /// One clip.
  /// - Parameter load: loads the network, or hands on one that is loaded already; called once all else is checked.
  @discardableResult
  func process(
    _ job: ClipJob, by load: () throws -> Deblurrer?, display: (any ProgressDisplay)?, log: Logger
  ) throws -> Advance {
    var files = CommandFiles()
    try files.reads(job.input, as: "the input")
    try picture.listWeights(in: &files)
    // With --work the result may be there because an earlier run has completed it.
    let place = try files.writes(job.output, as: "the result", overwrite: output.overwrite || work != nil)
    if verify, place.isStream {
      throw Failure.usage("--verify cannot read a pipe again: write to a file, or leave --verify out")
    }
    let progressPlace = try progress.map { path in
      try files.writes(path, as: "--progress", overwrite: output.overwrite || ProgressReport.isOneOrEmpty(path))
    }
    if let work {
      return try process(job, in: WorkFolder(path: work), progressPlace, by: load, display: display, log: log)
    }

    let source = try Source(path: job.input, input, segment: input.segment, log: log)
    var options = output.encoder(log)
    try VideoWriter.check(path: job.output, source: source.info, options: options, overwrite: output.overwrite)
    let deblurrer = try load()
    try input.checkMemory(MemoryNeed(of: source, deblurrer), log: log)
    if let hint = try resumingHint(source, deblurrer) { log.notice("\(hint)") }
    options.parts = try Parts(of: source.info, length: division.partFrames, seeks: !division.noSeek)

    let meter = Progress(
      expectedFrames: source.info.estimatedFrames, display: display,
      report: try progressPlace.map(ProgressReport.init))
    let writer = try VideoWriter(
      path: job.output, source: source.info, options: options, overwrite: output.overwrite)
    log.info("\(job.output): \(writer.plan.encoder), \(writer.plan.pixelFormat): \(writer.plan.reason)")
    let tensors = source.tensors
    let pipeline = Pipeline(
      source: source, deblurring: Deblurring(deblurrer),
      render: { frame, restored in try tensors.frame(of: restored, like: frame) },
      writer: writer, progress: meter)
    let summary = try pipeline.run()
    try meter.finish(bytes: Int(summary.bytes))

    if let damage = source.damage { log.warning("\(damage)") }
    let seconds = meter.summary.elapsed
    log.notice("\(closingLine(job.output, frames: summary.frames, bytes: Int(summary.bytes), seconds: seconds))")
    log.info("\(job.output): at most \(byteCount(peakResidentBytes())) of memory in use")
    if let entries = Profile.active?.entries { Console.shared.lines(profileTable(entries, wall: seconds)) }
    if verify {
      let proof = try Verification(of: job.output, against: source.info, plan: writer.plan, written: summary.frames)
      log.notice("\(job.output): \(proof)")
    }
    return meter.summary
  }

  private func paths() throws -> (input: String, output: String) {
    let (inputPath, given) = try input.paths(output: output.output)
    guard
      let outputPath = given ?? (inputPath == "-" ? nil : resultPath(for: inputPath, folder: nil, suffix: "-deblurred"))
    else {
      throw Failure.usage("no output given: add -o \(derivedName(from: inputPath, "deblurred"))")
    }
    if outputPath == "-" {
      try output.checkStandardOutput()
      if progress == "-" {
        throw Failure.usage("--progress - and -o - both want standard output: write one of them to a file")
      }
    }
    return (inputPath, outputPath)
  }
}

/// `out.mp4: 240 frames in 57 s (4.21 fps), 12 MB`.
///
/// - Parameter framesBefore: those that an earlier run had made already.
func closingLine(_ path: String, frames: Int, framesBefore: Int = 0, bytes: Int, seconds: Double) -> String {
  let name = path == "-" ? "standard output" : path
  let made = frames - framesBefore
  let pace = seconds > 0 && made > 0 ? " (\(fixed(Double(made) / seconds, 2)) fps)" : ""
  return "\(name): \(counted(frames, "frame")) in \(span(seconds))\(pace), \(byteCount(bytes))"
}
