import ArgumentParser
import Deblur
import Logging
import VideoIO

/// `vdeblur preview INPUT`: a few seconds before and after, with sound; or one moment as a picture.
struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a few seconds, or one picture, before and after.",
    usage: """
      vdeblur preview <input> [--start <time>] [--duration <time>] [options]
      vdeblur preview <input> --frame <time> [-o <picture>] [options]
      """,
    discussion: """
      EXAMPLES:
        vdeblur preview in.mp4                    three seconds, in-preview.mp4
        vdeblur preview in.mp4 --frame 12.5       a picture, in-preview.png
        vdeblur preview in.mp4 -ss 1:12 -t 5 --layout split -o look.mkv

      The right (or lower) half shows the very pixels that the full run would make. The last line says how long the \
      full run will take and how much memory it needs. Without -o the result goes into the working folder.
      """)

  @OptionGroup(title: "Input") var input: InputArguments
  @OptionGroup(title: "Output") var output: OutputArguments
  @OptionGroup(title: "Picture") var picture: PictureArguments
  @OptionGroup(title: "Messages") var report: ReportArguments

  @Option(help: "side: before | after. split: left half before, right half after. stack: before over after.")
  var layout = PreviewLayout.side

  @Option(help: ArgumentHelp("A picture of this moment instead of a clip.", valueName: "time"))
  var frame: Timestamp?

  mutating func validate() throws {
    if frame != nil, input.start != nil || input.end != nil || input.duration != nil {
      throw ValidationError("--frame shows one moment: leave --start, --end and --duration out.")
    }
  }

  /// Seconds shown when neither an end nor a duration is given.
  static let defaultDuration = 3.0

  func run() throws {
    picture.applyThreads()
    let (inputPath, given) = try input.paths(output: output.output)
    if given == "-", frame != nil {
      throw Failure.usage("a picture does not go to standard output: name a file with -o")
    }
    if given == "-" { try output.checkStandardOutput() }
    if let frame {
      try still(
        at: frame.seconds, of: inputPath, to: given ?? derivedName(from: inputPath, "preview", extension: "png"))
    } else {
      try clip(of: inputPath, to: given ?? derivedName(from: inputPath, "preview"))
    }
  }

  private func clip(of inputPath: String, to outputPath: String) throws {
    let log = report.makeLogger()
    let chosen = input.segment ?? Segment()
    let segment = Segment(start: chosen.start, end: chosen.end ?? chosen.start + Self.defaultDuration)
    let source = try Source(path: inputPath, input, segment: segment, log: log)
    var options = output.encoder(log)
    options.pictureSize = layout.composition.size(of: source.firstFrame)
    try VideoWriter.check(path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
    let deblurring = Deblurring(try picture.deblurrer())

    let (tensors, composition) = (source.tensors, layout.composition)
    let render: Pipeline.Rendering = { before, restored in
      let after = try tensors.frame(of: restored, like: before)
      return try Frame.compose(before: before, after: after, as: composition)
    }
    let meter = Progress(
      expectedFrames: source.info.estimatedFrames, display: report.display, report: nil)
    let writer = try VideoWriter(
      path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
    let pipeline = Pipeline(
      source: source, deblurring: deblurring, render: render, writer: writer, progress: meter)
    let summary = try pipeline.run()

    if let damage = source.damage { log.warning("\(damage)") }
    log.notice(
      "\(closingLine(outputPath, frames: summary.frames, bytes: Int(summary.bytes), seconds: meter.summary.elapsed))")
    let estimate = RunEstimate(
      secondsPerFrame: meter.summary.elapsed / Double(max(1, summary.frames)), frames: source.wholeFrames,
      bytes: peakResidentBytes())
    log.notice("the full run: \(estimate)")
  }

  private func still(at time: Double, of inputPath: String, to outputPath: String) throws {
    let log = report.makeLogger()
    try WholeFile.check(outputPath, overwrite: output.overwrite)
    let moment = try Moment(at: time, of: inputPath, input, log: log)
    let deblurrer = try picture.deblurrer()
    let deblurring = Deblurring(deblurrer)
    let tensors = moment.source.tensors
    let after = try tensors.frame(of: moment.restored(by: deblurring), like: moment.frame)

    // A packed source comes back planar: each is read by its own converter.
    let comparison = StillComparison(
      before: try tensors.image(of: moment.frame), after: try FrameTensors(for: after).image(of: after))
    let picture = comparison.picture
    try StillImage.writePNG(
      picture.bytes, width: picture.width, height: picture.height, to: outputPath, overwrite: output.overwrite)
    let area = comparison.area
    log.notice(
      """
      \(outputPath): the frame at \(clock(moment.source.position(of: moment.frame))) s, before and after; \
      enlarged: \(area.width)x\(area.height) pixels at (\(area.x), \(area.y)), where most changed
      """)
    // One frame alone also pays for loading and first touches: the pace is measured apart.
    let pace = try deblurrer.map { try secondsPerPixel(of: $0) * Double(moment.frame.width * moment.frame.height) } ?? 0
    let estimate = RunEstimate(secondsPerFrame: pace, frames: moment.source.wholeFrames, bytes: peakResidentBytes())
    log.notice("the full run: \(estimate)")
  }
}

/// How before and after are placed.
enum PreviewLayout: String, ExpressibleByArgument, CaseIterable {
  case side, split, stack

  var composition: Frame.Composition {
    switch self {
    case .side: .side
    case .split: .split
    case .stack: .stack
    }
  }
}
