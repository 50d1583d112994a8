import ArgumentParser
import Foundation

/// `vdeblur status FOLDER`: which parts are there.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say which parts of a plan are there.",
    discussion: """
      EXAMPLES:
        vdeblur status parts
        sbatch --array=$(vdeblur status parts --missing) part.sbatch parts
        vdeblur status parts --json

      A part that is cut off, or another plan's, counts as missing. Whether every byte is right is proven when parts are \
      joined.
      """)

  @Argument(help: "The folder of the parts.", completion: .directory)
  var folder: String

  @Flag(help: "Only the missing parts, as 3,7-9: what sbatch --array takes. Nothing when all are there.")
  var missing = false

  @Flag(help: "With --missing: the names of their files, one a line.")
  var lines = false

  @Flag(help: "As JSON.")
  var json = false

  mutating func validate() throws {
    if lines, !missing { throw ValidationError("--lines says how --missing is printed: give both.") }
    if json, missing { throw ValidationError("--json holds the missing parts: leave --missing out.") }
  }

  func run() throws {
    let place = WorkFolder(path: folder)
    let plan = try place.existingPlan()
    var files = CommandFiles()
    try files.reads(place.planFile, as: "the plan")
    try files.writesToStandardOutput()
    let parts = plan.job.parts
    let made = (0..<parts.count).map { place.part($0, of: plan, isProven: false) }
    let absent = made.indices.filter { made[$0] == nil }
    if missing {
      guard !absent.isEmpty else { return }
      let names = absent.map { (place.place($0, of: plan).path as NSString).lastPathComponent }
      return try StandardOutput.write((lines ? names.joined(separator: "\n") : ranges(absent)) + "\n")
    }
    let report = Report(
      input: plan.input, output: plan.output, parts: parts.count, missing: absent, frames: parts.frames,
      framesDone: made.indices.reduce(0) { $0 + (made[$1]?.record.frames ?? 0) },
      bytes: made.reduce(0) { $0 + ($1?.bytes ?? 0) }, isJoined: place.isJoined(plan.output))
    if json { return try StandardOutput.write(json: report) }
    try StandardOutput.write(report.text)
  }

  private struct Report: Encodable {
    let input, output: String
    let parts: Int
    let missing: [Int]
    let frames, framesDone: Int
    let bytes: Int64
    let isJoined: Bool

    var text: String {
      let done =
        "\(output.printable): \(parts - missing.count) of \(counted(parts, "part")), \(framesDone) of about \(frames) frames, \(byteCount(Int(bytes)))"
      let rest =
        !missing.isEmpty
        ? "missing: \(ranges(missing))"
        : isJoined ? "joined" : "all parts are there: join them with 'vdeblur join'"
      return "\(done)\n\(rest)\n"
    }
  }
}
