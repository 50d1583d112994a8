import Foundation
import VideoIO

/// What a full run would gain, in figures and in words.
struct Expectation: Encodable, Sendable {
  /// Grey levels from which a change is seen when both pictures are shown in turn, and from which blur is called strong:
  /// of what ``FrameProbe/Finding/change`` measures (docs/command-line.md says how the estimate compares with full runs).
  static let visible = 6.0
  static let strong = 18.0

  struct Stretch: Encodable, Sendable {
    /// Seconds.
    let start, end: Double
  }

  /// Shares of the frames, from 0 to 1.
  let visibleShare, strongShare: Double
  /// Where most would change; nil where it is much the same everywhere, or nowhere.
  let strongest: Stretch?
  /// What was found at each frame that was looked at.
  let findings: [FrameProbe.Finding]
  let words: String

  /// nil when nothing could be looked at.
  init?(_ survey: Survey) {
    let findings = survey.findings
    guard !findings.isEmpty else { return nil }
    let count = Double(findings.count)
    self.findings = findings
    visibleShare = Double(findings.count { $0.change >= Self.visible }) / count
    strongShare = Double(findings.count { $0.change >= Self.strong }) / count
    strongest = Self.strongest(survey)
    let place = strongest.map { ", most at \(Self.minutes($0.start))–\(Self.minutes($0.end))" } ?? ""
    let percent = { (share: Double) in Self.percent(share, isExact: survey.isWhole) }
    words =
      if visibleShare == 0 {
        "no motion blur to speak of: hardly a frame would change visibly"
      } else if visibleShare < 0.15 {
        "hardly any motion blur: \(percent(visibleShare)) of the frames would change visibly\(place)"
      } else if strongShare >= 0.25 {
        "strong blur in \(percent(strongShare)) of the frames\(place); "
          + "\(percent(visibleShare)) would change visibly"
      } else {
        "some motion blur: \(percent(visibleShare)) of the frames would change visibly\(place)"
      }
  }

  private static func strongest(_ survey: Survey) -> Stretch? {
    let length = survey.span.upperBound - survey.span.lowerBound
    let seconds = max(2, length / 12)
    guard length >= 3 * seconds else { return nil }
    let mean = survey.findings.reduce(0) { $0 + $1.change } / Double(survey.findings.count)
    let start = survey.strongest(lasting: seconds)
    guard survey.meanChange(around: start + seconds / 2, seconds) > max(visible, 1.25 * mean) else { return nil }
    return Stretch(start: start, end: start + seconds)
  }

  /// Of some frames a share is known to a tenth or so: no more digits than that.
  private static func percent(_ share: Double, isExact: Bool) -> String {
    let value = Int(limiting: 100 * share)
    return isExact ? "\(value) %" : "about \(value < 10 ? value : (value + 2) / 5 * 5) %"
  }

  /// `0:07`, `1:02:07`.
  static func minutes(_ seconds: Double) -> String {
    let whole = Int(limiting: seconds)
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }
}
