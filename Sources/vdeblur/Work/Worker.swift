import Deblur
import Foundation
import Logging
import VideoIO

/// Makes parts of a plan, and joins them.
struct Worker {
  let folder: WorkFolder
  let plan: WorkPlan
  let log: Logger

  /// The parts that are not there.
  /// - Parameter isProven: damaged ones count as missing, and are found by reading all of every part.
  func missing(isProven: Bool) -> [Int] {
    (0..<plan.job.parts.count).filter { part in
      folder.part(part, of: plan, isProven: isProven, report: { if isProven { log.warning("\($0)") } }) == nil
    }
  }

  /// Frames in the parts that are there.
  func frames(without missing: [Int]) -> Int {
    let lengths = plan.job.parts.lengths
    return lengths.indices.filter { !missing.contains($0) }.reduce(0) { $0 + lengths[$1] }
  }

  /// Makes a run of parts in one go: what lies between two of them costs no more than in a run without parts.
  func make(_ run: Range<Int>, of source: Source, _ deblurrer: Deblurrer?, _ progress: Progress) throws
    -> VideoWriter.Summary
  {
    let log = log, folder = folder, plan = plan
    let cuts = PartCuts()
    let reader = try PartReader(
      source.info, plan.job.parts, run: run, cuts: cuts, options: plan.reading { log.warning("\($0)") })
    let writer = try PartWriter(
      source.info, run: run, cuts: cuts, path: plan.output, options: plan.coding { _ in },
      place: { folder.place($0, of: plan) },
      made: { part, record in log.debug("\(folder.place(part, of: plan).path): \(counted(record.frames, "frame"))") })
    let tensors = source.tensors
    let pipeline = Pipeline(
      source: Source(reader, like: source), deblurring: Deblurring(deblurrer),
      render: { frame, restored in try tensors.frame(of: restored, like: frame) }, writer: writer, progress: progress)
    return try pipeline.run()
  }

  /// Makes the output of all parts.
  /// - Returns: frames and bytes.
  func join(_ source: SourceInfo, to output: String, overwrite: Bool) throws -> VideoWriter.Summary {
    let folder = folder, plan = plan
    let joining = try Joining(
      plan.job.parts.count, of: source, to: output, options: plan.coding { log.warning("\($0)") }, overwrite: overwrite,
      place: { folder.place($0, of: plan) },
      note: { stamp throws(VideoError) in try folder.noteJoined(stamp) })
    let damage = joining.damage
    let facts = [
      damage.count > 0 ? "\(damage.count) damaged packets or frames" : nil,
      damage.repairedTimes > 0 ? "\(counted(damage.repairedTimes, "frame time")) mended" : nil,
    ].compactMap(\.self)
    if !facts.isEmpty { log.warning("\(plan.input): \(facts.joined(separator: ", "))") }
    return joining.summary
  }
}

extension [Int] {
  /// Neighbours together: 3, 7, 8, 9 are two runs.
  var runs: [Range<Int>] {
    reduce(into: []) { runs, number in
      if let last = runs.last, last.upperBound == number {
        runs[runs.count - 1] = last.lowerBound..<number + 1
      } else {
        runs.append(number..<number + 1)
      }
    }
  }
}
