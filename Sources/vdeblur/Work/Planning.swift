import Deblur
import Foundation
import Glibc
import Logging
import VideoIO

/// Makes the plan of a run in parts, or finds that it is there already.
struct Planning {
  let input: InputArguments
  let output: OutputArguments
  let picture: PictureArguments
  let division: DivisionArguments
  let log: Logger

  /// What is ready for work.
  struct Ready {
    let folder: WorkFolder
    let plan: WorkPlan
    let source: Source
    let deblurrer: Deblurrer?
  }

  /// - Parameter load: loads the network, once all else is checked.
  /// - Throws: `Failure` or `VideoError` when the input cannot be read twice, or the folder belongs to another job.
  func prepare(_ inputPath: String, _ outputPath: String, _ folder: WorkFolder, by load: () throws -> Deblurrer?) throws
    -> Ready
  {
    var status = stat()
    if inputPath == "-" || (stat(inputPath, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO) {
      throw Failure.usage(
        "--work reads the input more than once, which a pipe cannot give: save it as a file and name that")
    }
    if outputPath == "-" {
      throw Failure.usage("--work joins its parts into a file, which standard output is not: name a file with -o")
    }
    let existing = try folder.plan()
    if let existing {
      try existing.job.machine.checkVersions()
      try existing.job.machine.pin()
    }
    let source = try Source(path: inputPath, input, segment: input.segment, log: log)
    let deblurrer = try load()
    try input.checkMemory(MemoryNeed(of: source, deblurrer), log: log)
    var options = output.encoder(log)
    options.report = { _ in }
    // Whether an output of that name may be there is known only when this is the job that has made it.
    let coding = try VideoWriter.check(path: outputPath, source: source.info, options: options, overwrite: true)
    guard let parts = try Parts(of: source.info, length: division.partFrames, seeks: !division.noSeek) else {
      throw Failure.usage("--work reads the input more than once, which \(inputPath) cannot give: save it as a file")
    }
    let job = Job(
      input: Job.Input(
        sha256: try SHA256.hex(ofFile: inputPath),
        samples: try SHA256.hex(ofFile: inputPath, samples: Job.Input.sampleCount)),
      videoStream: source.info.video.index, segment: input.segment.map { Job.Moments(start: $0.start, end: $0.end) },
      strict: input.strict, progressive: input.progressive,
      coding: Job.Coding(
        container: coding.container + (coding.isFragmented ? " in fragments" : ""), codec: output.codec,
        crf: output.crf,
        preset: output.preset, extra: options.extra, format: output.format, dropUnsupported: output.dropUnsupported,
        dropAlpha: output.dropAlpha),
      weights: try deblurrer.map { try SHA256.hex(ofFile: $0.model.url.path) } ?? "", strength: picture.strength,
      parts: parts,
      machine: try Machine(deblurrer, source.info, output: outputPath, options: options))
    let isPath = picture.model.contains("/") || picture.model.hasSuffix(".safetensors")
    let plan = WorkPlan(
      address: try job.address, input: absolute(inputPath), output: absolute(outputPath), overwrite: output.overwrite,
      model: isPath ? absolute(picture.model) : picture.model, memoryLimit: input.memoryLimit?.bytes, job: job)
    if let existing {
      try check(existing, plan, folder)
    } else {
      try VideoWriter.check(path: outputPath, source: source.info, options: options, overwrite: output.overwrite)
      try folder.write(plan)
    }
    if !parts.seeks, parts.count > 1 {
      log.warning(
        parts.clock == .frames
          ? "\(inputPath): its times are missing or run backward, so every part is decoded from the beginning"
          : "\(inputPath): every part is decoded from the beginning")
    }
    return Ready(folder: folder, plan: plan, source: source, deblurrer: deblurrer)
  }

  /// Whether the folder is this job's.
  private func check(_ old: WorkPlan, _ new: WorkPlan, _ folder: WorkFolder) throws {
    guard old.job.input == new.job.input else {
      if old.input == new.input {
        throw Failure(.input, "\(new.input): has changed since it was planned; plan again in another folder")
      }
      throw Failure.usage("\(folder.path): belongs to another input, \(old.input); choose another folder with --work")
    }
    let differences = new.job.differences(from: old.job)
    guard differences.isEmpty else {
      throw Failure.usage(
        "\(folder.path): was planned with other options (\(differences.joined(separator: "; "))); "
          + "give the same, or choose another folder with --work")
    }
    guard old.output == new.output else {
      throw Failure.usage(
        "\(folder.path): is for the output \(old.output); name that one, or choose another folder with --work")
    }
    try old.job.machine.check(new.job.machine)
  }
}
