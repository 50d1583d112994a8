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
      vdeblur preview <input> --page <file.html> [options]
      """,
    discussion: """
      EXAMPLES:
        vdeblur preview in.mp4 --page look.html   moments with sliders, for a browser
        vdeblur preview in.mp4                    three seconds, in-preview.mp4
        vdeblur preview in.mp4 --frame 12.5       a picture, in-preview.png
        vdeblur preview in.mp4 -ss 1:12 -t 5 --layout wipe -o look.mkv

      After, to the right or below, are the very pixels that the full run would make. Without --start the clip begins \
      where most changes. The last line says how long the full run will take and how much memory it needs. Without -o \
      the result goes into the working folder.
      """)

  @OptionGroup(title: "Input") var input: InputArguments
  @OptionGroup(title: "Output") var output: OutputArguments
  @OptionGroup(title: "Picture") var picture: PictureArguments
  @OptionGroup(title: "Messages") var report: ReportArguments

  @Option(
    help: """
      side: before | after (the default). split: left half before, right half after. wipe: split, with a line that \
      moves. stack: before over after.
      """)
  var layout: PreviewLayout?

  @Option(help: ArgumentHelp("A picture of this moment instead of a clip.", valueName: "time"))
  var frame: Timestamp?

  @Option(
    help: ArgumentHelp(
      "A page for any browser: the moments that change most, each with a slider, and a timeline.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var page: String?

  @Flag(help: "Leave the words 'before' and 'after' out of the picture.")
  var noLabels = false

  mutating func validate() throws {
    if let page {
      if frame != nil || layout != nil || output.output != nil {
        throw ValidationError("--page is a result of its own: leave --frame, --layout and -o out.")
      }
      if page != "-", !page.lowercased().hasSuffix(".html"), !page.lowercased().hasSuffix(".htm") {
        throw ValidationError("--page '\(page)' is written for browsers: let its name end in .html.")
      }
    }
    if frame != nil, layout != nil {
      throw ValidationError("--frame has a layout of its own: leave --layout out.")
    }
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
    let outputPath = page ?? given ?? derivedName(from: inputPath, "preview", extension: frame == nil ? nil : "png")
    var files = CommandFiles()
    try files.reads(inputPath, as: "the input")
    try picture.listWeights(in: &files)
    let place = try files.writes(outputPath, as: page == nil ? "the result" : "--page", overwrite: output.overwrite)
    if page != nil {
      try write(page: place, of: inputPath)
    } else if let frame {
      try still(at: frame.seconds, of: inputPath, to: outputPath)
    } else {
      try clip(of: inputPath, to: outputPath)
    }
  }

  private func clip(of inputPath: String, to outputPath: String) throws {
    let log = report.makeLogger()
    let deblurrer = try picture.deblurrer()
    let source = try open(inputPath, deblurrer, log: log)
    let start = source.info.segment?.start ?? 0
    var options = output.encoder(log)
    let layout = layout ?? .side
    let orientation = source.info.video.orientation
    options.pictureSize = layout.composition(at: 0).size(of: source.firstFrame, shown: orientation)
    try VideoWriter.check(path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
    try input.checkMemory(MemoryNeed(of: source, deblurrer, written: options.pictureSize), log: log)
    let fullNeed = MemoryNeed(of: source, deblurrer)

    let captions = noLabels ? nil : Lettering.captions(for: source)
    let render: Pipeline.Rendering = { before, restored in
      let after = try source.tensors.frame(of: restored, like: before)
      let seconds = source.position(of: before) - start
      return try Frame.compose(
        before: before, after: after, as: layout.composition(at: seconds), shown: orientation, captions: captions)
    }
    let meter = Progress(
      expectedFrames: source.info.estimatedFrames, display: report.display, report: nil)
    let writer = try VideoWriter(
      path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
    let pipeline = Pipeline(
      source: source, deblurring: Deblurring(deblurrer), render: render, writer: writer, progress: meter)
    let summary = try pipeline.run()
    try meter.finish(bytes: Int(summary.bytes))

    if let damage = source.damage { log.warning("\(damage)") }
    log.notice(
      "\(closingLine(outputPath, frames: summary.frames, bytes: Int(summary.bytes), seconds: meter.summary.elapsed))")
    let estimate = RunEstimate(
      secondsPerFrame: meter.summary.elapsed / Double(max(1, summary.frames)), frames: source.wholeFrames,
      bytes: fullNeed.bytes)
    log.notice("the full run: \(estimate)")
  }

  /// nil where the clip cannot be read as a whole.
  private func survey(of path: String, _ deblurrer: Deblurrer) throws -> Survey? {
    do {
      return try Survey(of: path, input, segment: nil, by: deblurrer, .sentence)
    } catch is VideoError {
      return nil
    }
  }

  /// The clip where the preview begins.
  private func open(_ path: String, _ deblurrer: Deblurrer?, log: Logger) throws -> Source {
    let duration = input.duration?.seconds ?? Self.defaultDuration
    func source(from start: Double) throws -> Source {
      let end = input.end?.seconds ?? start + duration
      return try Source(path: path, input, segment: Segment(start: start, end: end), log: log)
    }
    if let start = input.start?.seconds { return try source(from: start) }
    if input.end == nil, !Source.isReadOnce(path), let deblurrer {
      // What stands in the way of a look over the whole need not stand in the preview's.
      if let whole = try survey(of: path, deblurrer), let expected = Expectation(whole) {
        log.notice("\(path): \(expected.words)")
        let start = whole.strongest(lasting: duration)
        if start > 0 {
          log.notice(
            "the preview begins at \(clock(start)), where most would change; --start 0 begins at the beginning")
          return try source(from: start)
        }
      }
    }
    do {
      return try source(from: 0)
    } catch let error as VideoError where error.kind == .unsupported && input.segment == nil && !Source.isReadOnce(path)
    {
      // The first picture may come later than those seconds: then they begin with it.
      let whole = try Source(path: path, input, segment: nil, log: log)
      return try source(from: whole.position(of: whole.firstFrame))
    }
  }

  private func still(at time: Double, of inputPath: String, to outputPath: String) throws {
    let log = report.makeLogger()
    guard let format = StillImage.Format(path: outputPath) else {
      throw Failure.usage("\(outputPath): a picture is written as .png or .jpg: let its name end so")
    }
    let moment = try Moment(at: time, of: inputPath, input, log: log)
    let deblurrer = try picture.deblurrer()
    let need = MemoryNeed(of: moment.source, deblurrer)
    try input.checkMemory(need, log: log)
    let tensors = moment.source.tensors
    let after = try tensors.frame(of: moment.restored(by: Deblurring(deblurrer)), like: moment.frame)

    // A packed source comes back planar: each is read by its own converter.
    let video = moment.source.info.video
    let comparison = StillComparison(
      before: try tensors.image(of: moment.frame).shown(as: video),
      after: try FrameTensors(for: after).image(of: after).shown(as: video), isLabelled: !noLabels)
    let picture = comparison.picture
    try StillImage.write(
      picture.bytes.span, width: picture.width, height: picture.height, as: format, to: outputPath,
      overwrite: output.overwrite)
    let area = comparison.area
    log.notice(
      """
      \(outputPath): the frame at \(clock(moment.source.position(of: moment.frame))) s, before and after; \
      enlarged: \(area.width)x\(area.height) pixels at (\(area.x), \(area.y)), where most changed
      """)
    // One frame alone also pays for loading and first touches: the pace is measured apart.
    let pace = try calibratedPace(deblurrer, of: moment.source)
    let estimate = RunEstimate(secondsPerFrame: pace, frames: moment.source.wholeFrames, bytes: need.bytes)
    log.notice("the full run: \(estimate)")
  }
}
