import ArgumentParser
import Deblur
import Logging
import VideoIO

/// `vdeblur INPUT -o OUTPUT`: the whole clip, or a segment of it.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: VDeblur.configuration.abstract,
    usage: "vdeblur <input> -o <output> [options]",
    discussion: VDeblur.examples,
    shouldDisplay: false)

  @OptionGroup(title: "Input") var input: InputArguments
  @OptionGroup(title: "Output") var output: OutputArguments
  @OptionGroup(title: "Picture") var picture: PictureArguments
  @OptionGroup(title: "Messages") var report: ReportArguments

  @Option(
    name: [.long, .customLong("progress", withSingleDash: true)],
    help: ArgumentHelp(
      "Progress for programs, in the grammar of ffmpeg -progress; '-' is standard output.", valueName: "file"))
  var progress: String?

  @Flag(help: "Re-open the result and check frame count, times and copied packets.")
  var verify = false

  @Flag(help: "Say where the time went, by stage and layer.")
  var profile = false

  func run() throws {
    let log = report.makeLogger()
    let (inputPath, outputPath) = try paths()
    var files = CommandFiles()
    files.reads(inputPath, as: "the input")
    picture.list(in: &files)
    let place = try files.writes(outputPath, as: "the result", overwrite: output.overwrite)
    if verify, place.isStream {
      throw Failure.usage("--verify cannot read a pipe again: write to a file, or leave --verify out")
    }
    let progressPlace = try progress.map { path in
      try files.writes(path, as: "--progress", overwrite: output.overwrite || ProgressReport.isOneOrEmpty(path))
    }
    picture.applyThreads()
    if profile { Profile.active = Profile() }

    let source = try Source(path: inputPath, input, segment: input.segment, log: log)
    let options = output.encoder(log)
    try VideoWriter.check(path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
    let deblurrer = try picture.deblurrer()
    try input.checkMemory(MemoryNeed(of: source, deblurrer), log: log)

    let meter = Progress(
      expectedFrames: source.info.estimatedFrames, display: report.display,
      report: try progressPlace.map(ProgressReport.init))
    let writer = try VideoWriter(
      path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
    log.info("\(outputPath): \(writer.plan.encoder), \(writer.plan.pixelFormat): \(writer.plan.reason)")
    let tensors = source.tensors
    let pipeline = Pipeline(
      source: source, deblurring: Deblurring(deblurrer),
      render: { frame, restored in try tensors.frame(of: restored, like: frame) },
      writer: writer, progress: meter)
    let summary = try pipeline.run()

    if let damage = source.damage { log.warning("\(damage)") }
    log.notice(
      "\(closingLine(outputPath, frames: summary.frames, bytes: Int(summary.bytes), seconds: meter.summary.elapsed))")
    log.info("\(outputPath): at most \(byteCount(peakResidentBytes())) of memory in use")
    if let entries = Profile.active?.entries { Console.shared.line(profileTable(entries, wall: meter.summary.elapsed)) }
    if verify {
      let proof = try Verification(of: outputPath, against: source.info, plan: writer.plan, written: summary.frames)
      log.notice("\(outputPath): \(proof)")
    }
  }

  private func paths() throws -> (input: String, output: String) {
    let (inputPath, given) = try input.paths(output: output.output)
    guard let outputPath = given else {
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
func closingLine(_ path: String, frames: Int, bytes: Int, seconds: Double) -> String {
  let name = path == "-" ? "standard output" : path
  let pace = seconds > 0 ? " (\(fixed(Double(frames) / seconds, 2)) fps)" : ""
  return "\(name): \(counted(frames, "frame")) in \(span(seconds))\(pace), \(byteCount(bytes))"
}
