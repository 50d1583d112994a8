import Deblur
import Foundation
import Glibc
import Logging
import VideoIO

/// What `plan.json` holds: the job, and the names of its files.
struct WorkPlan: Codable {
  static let version = 1

  var version = WorkPlan.version
  /// SHA-256 of the job: who edits it by hand makes another one of it.
  let address: String
  /// Absolute.
  let input: String
  let output: String
  let overwrite: Bool
  /// As it was given: a name, or an absolute path.
  let model: String
  let memoryLimit: Int?
  let job: Job

  /// How the source is read.
  func reading(report: @escaping @Sendable (String) -> Void) -> ReaderOptions {
    var options = ReaderOptions()
    options.segment = job.segment.map { Segment(start: $0.start, end: $0.end) }
    options.videoStream = job.videoStream
    options.strict = job.strict
    options.isProgressive = job.progressive
    if let memoryLimit { options.memoryLimit = MemoryLimit(bytes: memoryLimit) }
    options.report = report
    return options
  }

  /// How the output is coded.
  func coding(report: @escaping @Sendable (String) -> Void) -> WriterOptions {
    var options = WriterOptions()
    let coding = job.coding
    (options.codec, options.crf, options.preset, options.format) = (
      coding.codec, coding.crf, coding.preset, coding.format
    )
    (options.extra, options.dropsUnsupported, options.dropsAlpha) = (
      coding.extra, coding.dropUnsupported, coding.dropAlpha
    )
    options.parts = job.parts
    options.report = report
    return options
  }
}

extension WorkPlan {
  /// Refuses a file that is not the one that was planned.
  /// - Parameter isProven: compare all bytes, not only the size and a few blocks.
  func checkInput(_ path: String, isProven: Bool) throws {
    guard access(path, F_OK) == 0 else {
      throw Failure(.input, "\(path): no such file; name the input of the plan with -i")
    }
    let isSame =
      try isProven
      ? SHA256.hex(ofFile: path) == job.input.sha256
      : SHA256.hex(ofFile: path, samples: Job.Input.sampleCount) == job.input.samples
    guard isSame else {
      throw Failure(
        .input,
        path == input
          ? "\(path): has changed since it was planned; plan again in another folder"
          : "\(path): is not the input of the plan")
    }
  }
}

/// A path that means the same from every folder.
func absolute(_ path: String) -> String {
  path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
}
