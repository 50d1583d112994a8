import Deblur
import Foundation
import Glibc
import Logging
import VideoIO

/// A clip and the place of its result.
struct ClipJob {
  let input: String
  let output: String
}

/// `vdeblur *.mp4 -O sharp/`: clip after clip. What is there already is left alone, a clip that fails does not stop the
/// others, and a table at the end tells. Safe to repeat: a result is complete or it is not there.
struct Batch {
  /// What became of a clip.
  private enum Outcome {
    case pending(BatchDisplay.Load?)
    case done(Advance)
    case skipped(String)
    case failed(Failure)
  }

  private let command: Run
  private let log: Logger

  init(_ command: Run, log: Logger) { (self.command, self.log) = (command, log) }

  /// - Throws: `Failure` with the first failed clip's status, once all are through.
  func run() throws {
    let jobs = try jobs()
    // A message about the first clip is not to be written into the last.
    var files = CommandFiles()
    for job in jobs { try files.reads(job.input, as: "the input") }
    if command.dryRun { return try describe(jobs) }
    if command.progress != nil || command.profile {
      throw Failure.usage("--progress and --profile speak of one clip: leave them out, or run the clips one by one")
    }
    if let folder = command.folder { try make(folder) }
    let deblurrer = try command.picture.deblurrer()
    var outcomes = jobs.map { look(at: $0).outcome }
    let loads = outcomes.compactMap { if case .pending(let load) = $0 { Optional.some(load) } else { nil } }
    let display = command.report.display.map { BatchDisplay($0, loads: loads) }
    for (index, job) in jobs.enumerated() {
      switch outcomes[index] {
      case .skipped(let reason): log.notice("\(job.input): skipped: \(reason)")
      case .failed(let failure): log.error("\(failure)")
      case .done: break
      case .pending:
        do {
          let advance = try command.process(job, by: { deblurrer }, display: display, log: log)
          outcomes[index] = .done(advance)
        } catch {
          let failure = VDeblur.failure(for: error)
          log.error("\(failure)")
          outcomes[index] = .failed(failure)
        }
        if case .done(let advance) = outcomes[index] {
          display?.next(after: advance)
        } else {
          display?.next(after: Advance())
        }
      }
    }
    if !loads.isEmpty { display?.end() }
    try conclude(jobs, outcomes)
  }

  /// `--dry-run`: a table of what would be done, on standard output.
  func describe(_ jobs: [ClipJob]) throws {
    let deblurrer = try command.picture.deblurrer()
    let pace = try deblurrer.map(secondsPerPixel) ?? 0
    var rows = [["clip", "result"]]
    var (frames, seconds) = (0, 0.0)
    for job in jobs {
      let (outcome, refusal) = look(at: job)
      switch outcome {
      case .skipped(let reason): rows.append([job.input, "skipped: \(reason)"])
      case .failed(let failure): rows.append([job.input, "refused: \(failure)"])
      case .pending, .done:
        if let refusal {
          rows.append([job.input, "refused: \(refusal)"])
        } else if case .pending(let load?) = outcome {
          frames += load.frames
          seconds += pace * load.work
          rows.append([job.input, "\(job.output): \(counted(load.frames, "frame")), about \(span(pace * load.work))"])
        } else {
          rows.append([job.input, "\(job.output): the clip does not tell its length"])
        }
      }
    }
    try StandardOutput.write(
      "\(table(rows))nothing was done; in all about \(span(seconds)) for \(counted(frames, "frame"))\n")
  }

  /// Every clip once, with the place of its result.
  private func jobs() throws -> [ClipJob] {
    let clips = command.input.clips
    guard !clips.isEmpty else {
      throw Failure.usage("no input given: try 'vdeblur *.mp4 -O sharp', or 'vdeblur --help'")
    }
    if let output = command.output.output {
      throw Failure.usage("-o '\(output)' names one result: leave it out, or leave -O and --suffix out")
    }
    let suffix = command.suffix ?? (command.folder == nil ? "-deblurred" : "")
    var taken: [String: String] = [:]
    return try clips.map { clip in
      guard clip != "-" else { throw Failure.usage("standard input has no name for its result: name it with -o") }
      try ForeignOption.check(input: clip)
      let job = ClipJob(input: clip, output: resultPath(for: clip, folder: command.folder, suffix: suffix))
      if let other = taken.updateValue(clip, forKey: job.output) {
        throw Failure.usage("'\(other)' and '\(clip)' would both become \(job.output): run them one by one")
      }
      return job
    }
  }

  /// What is known of a clip before the work: whether there is any, and how much. Silent; warnings come with the work.
  private func look(at job: ClipJob) -> (outcome: Outcome, refusal: Failure?) {
    if command.isBatch {
      if let suffix = command.suffix ?? (command.folder == nil ? "-deblurred" : nil), !suffix.isEmpty,
        URL(fileURLWithPath: job.input).deletingPathExtension().lastPathComponent.hasSuffix(suffix)
      {
        return (.skipped("its name says that it is a result itself"), nil)
      }
      if !command.output.overwrite, access(job.output.fileName, F_OK) == 0 {
        return (.skipped("\(job.output) is there"), nil)
      }
    }
    do {
      let source = try Source(
        path: job.input, segment: command.input.segment, strict: command.input.strict,
        memoryLimit: command.input.memoryLimit?.bytes, isProgressive: command.input.progressive,
        videoStream: command.input.videoStream
      ) { _ in }
      let frame = source.firstFrame
      let load = source.info.estimatedFrames.map {
        BatchDisplay.Load(work: Double($0) * Double(frame.width * frame.height), frames: $0)
      }
      let refusal: Failure? =
        command.dryRun ? refusal(of: job, source) : nil
      return (.pending(load), refusal)
    } catch {
      return (.failed(VDeblur.failure(for: error)), nil)
    }
  }

  private func refusal(of job: ClipJob, _ source: Source) -> Failure? {
    do {
      // A folder that the run would make is no reason to refuse.
      let isReady = command.folder.map { access($0.fileName, F_OK) == 0 } ?? true
      var options = command.output.encoder(log)
      options.report = { _ in }
      if isReady {
        try VideoWriter.check(
          path: job.output, source: source.info, options: options, overwrite: command.output.overwrite)
      } else {
        _ = try OutputPlan(for: source.info, path: job.output, options: options)
      }
      return nil
    } catch {
      return VDeblur.failure(for: error)
    }
  }

  private func make(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(.output, "\(folder): cannot be made a folder: \(SystemFailure(number: errno))")
    }
  }

  private func conclude(_ jobs: [ClipJob], _ outcomes: [Outcome]) throws {
    var rows = [["clip", "result"]]
    var (done, skipped, failures) = (0, 0, [Failure]())
    for (job, outcome) in zip(jobs, outcomes) {
      switch outcome {
      case .done(let advance):
        done += 1
        rows.append([job.input, "\(job.output), \(counted(advance.frames, "frame")) in \(span(advance.elapsed))"])
      case .skipped(let reason):
        skipped += 1
        rows.append([job.input, "skipped: \(reason)"])
      case .failed(let failure):
        failures.append(failure)
        rows.append([job.input, "failed: \(failure)"])
      case .pending: break
      }
    }
    let sum = "\(done) done, \(skipped) skipped, \(failures.count) failed"
    log.notice("\(sum)")
    if log.logLevel <= .notice { Console.shared.lines(String(table(rows).dropLast())) }
    if let first = failures.first {
      throw Failure(first.status, "\(counted(failures.count, "clip")) of \(jobs.count) failed")
    }
  }
}
