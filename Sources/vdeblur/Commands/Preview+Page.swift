import Deblur
import Foundation
import Logging
import VideoIO

extension Preview {
  /// Moments on a page.
  static let momentCount = 6

  /// `--page`: a survey of the clip, then the network on the moments that it names.
  func write(page place: OutputPlace, of inputPath: String) throws {
    let log = report.makeLogger()
    if Source.isReadOnce(inputPath) {
      throw Failure.usage("--page looks at the clip more than once: name a file instead of a pipe")
    }
    guard let deblurrer = try picture.deblurrer() else {
      throw Failure.usage("--strength 0 changes nothing: there is nothing to compare")
    }
    let source = try Source(path: inputPath, input, segment: input.segment, log: log)
    let need = MemoryNeed(of: source, deblurrer)
    try input.checkMemory(need, log: log)

    let survey = try Survey(
      of: inputPath, input, segment: input.segment, by: deblurrer, .plot, display: report.display)
    guard let expected = Expectation(survey) else {
      throw Failure(.input, "\(inputPath): no frame could be looked at")
    }
    let moments = survey.strongest(count: Self.momentCount)
    let pace = try calibratedPace(deblurrer, of: source)
    let estimate = RunEstimate(secondsPerFrame: pace, frames: source.wholeFrames, bytes: need.bytes)
    var page = Page(
      title: URL(fileURLWithPath: inputPath).lastPathComponent,
      summary: [sentence(expected.words), "The full run: \(estimate)."],
      timeline: PageTimeline(survey: survey, moments: moments).html,
      footer:
        "Made by vdeblur \(programVersion) (model \(picture.model), strength \(picture.strength)). "
        + "Pictures are reduced to \(Page.longSide) pixels where they are larger; details are the very pixels.")
    for finding in moments { try page.add(shown(finding, of: inputPath, deblurrer, log)) }
    try place.write(page.html)
    log.notice("\(inputPath): \(expected.words)")
    log.notice("\(place.path): \(counted(moments.count, "moment")) before and after; open it in a browser")
    log.notice("the full run: \(estimate)")
  }

  private func shown(
    _ finding: FrameProbe.Finding, of path: String, _ deblurrer: Deblurrer, _ log: Logger
  ) throws -> Page.Picture {
    let moment = try Moment(at: finding.time, of: path, input, log: log)
    let tensors = moment.source.tensors
    let restored = try tensors.frame(of: moment.restored(by: Deblurring(deblurrer)), like: moment.frame)
    let video = moment.source.info.video
    let before = try tensors.image(of: moment.frame).shown(as: video)
    let after = try FrameTensors(for: restored).image(of: restored).shown(as: video)
    let side = { (length: Int) in max(1, min(length, Page.longSide) / Page.enlargement) }
    let area = mostChangedArea(before, after, width: side(before.width), height: side(before.height))
    return Page.Picture(
      time: finding.time, motion: finding.motion, change: rootMeanSquare(before, after, area), before: before,
      after: after, area: area)
  }

  private func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() + "." }
}

/// Of the differences in an area, in grey levels.
private func rootMeanSquare(_ a: RGB8, _ b: RGB8, _ area: Area) -> Double {
  var sum = 0
  for y in area.y..<area.y + area.height {
    let start = (y * a.width + area.x) * 3
    for index in start..<start + 3 * area.width {
      let difference = Int(a.bytes[index]) - Int(b.bytes[index])
      sum += difference * difference
    }
  }
  return (Double(sum) / Double(3 * area.width * area.height)).squareRoot()
}
