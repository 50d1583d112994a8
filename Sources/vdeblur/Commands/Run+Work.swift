import Deblur
import Glibc
import Logging
import VideoIO

extension Run {
  /// The whole run in parts: plans, makes what is missing, joins. After an interruption the same goes on with the part that was cut off.
  func process(
    _ job: ClipJob, in folder: WorkFolder, _ progressPlace: OutputPlace?, by load: () throws -> Deblurrer?,
    display: (any ProgressDisplay)?, log: Logger
  ) throws -> Advance {
    let (inputPath, outputPath) = (job.input, job.output)
    let planning = Planning(input: input, output: output, picture: picture, division: division, log: log)
    let ready = try planning.prepare(inputPath, outputPath, folder, by: load)
    let (plan, source) = (ready.plan, ready.source)
    if let warning = try folder.lock() { log.warning("\(warning)") }
    if folder.isJoined(outputPath) {
      log.notice("\(outputPath): is complete already")
      return Advance(frames: plan.job.parts.frames, framesBefore: plan.job.parts.frames)
    }
    let options = plan.coding { log.warning("\($0)") }
    let coding = try VideoWriter.check(
      path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
    log.info("\(outputPath): \(coding.encoder), \(coding.pixelFormat): \(coding.reason)")

    let worker = Worker(folder: folder, plan: plan, log: log)
    let missing = worker.missing(isProven: true)
    let framesBefore = worker.frames(without: missing)
    if framesBefore > 0 {
      log.notice(
        "\(folder.path): \(plan.job.parts.count - missing.count) of \(counted(plan.job.parts.count, "part")) there already"
      )
    }
    let meter = Progress(
      expectedFrames: plan.job.parts.frames, framesBefore: framesBefore, display: display,
      report: try progressPlace.map(ProgressReport.init))
    for run in missing.runs {
      meter.bytesBefore += Int(try worker.make(run, of: source, ready.deblurrer, meter).bytes)
    }
    let summary = try worker.join(source.info, to: outputPath, overwrite: output.overwrite)
    try meter.finish(bytes: Int(summary.bytes))

    log.notice(
      "\(closingLine(outputPath, frames: summary.frames, framesBefore: framesBefore, bytes: Int(summary.bytes), seconds: meter.summary.elapsed))"
    )
    log.notice("\(folder.path): is not needed any more")
    log.info("\(outputPath): at most \(byteCount(peakResidentBytes())) of memory in use")
    if let entries = Profile.active?.entries {
      Console.shared.lines(profileTable(entries, wall: meter.summary.elapsed))
    }
    if verify {
      let proof = try Verification(of: outputPath, against: source.info, plan: coding, written: summary.frames)
      log.notice("\(outputPath): \(proof)")
    }
    return meter.summary
  }

  /// How a run that will take long could be resumed; nil for shorter ones, and where it could not.
  func resumingHint(_ source: Source, _ deblurrer: Deblurrer?) throws -> String? {
    let pixels = source.firstFrame.width * source.firstFrame.height
    guard source.info.isFile, output.output != "-", let frames = source.info.estimatedFrames, let deblurrer,
      // No machine takes half an hour for so little: it need not be measured.
      Double(frames) * Double(pixels) > 1e9
    else { return nil }
    let seconds = try secondsPerPixel(of: deblurrer) * Double(pixels) * Double(frames)
    guard seconds >= 1800 else { return nil }
    return
      "\(source.info.path): about \(span(seconds)) to go; with --work FOLDER, the same line would go on where it was stopped"
  }
}
