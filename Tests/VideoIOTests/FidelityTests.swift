import Foundation
import TestSupport
import Testing
import VideoIO

/// Every clip through the whole path, every property compared.
@Suite struct FidelityTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let clip: FidelityClip
    let output: String
    var testDescription: String { "\(clip.name) → \(output)" }
  }

  /// Every clip to its natural container and to those that must refuse it; with VDEBLUR_ALL=1 to every container listed.
  /// VDEBLUR_CLIPS=WORD takes only the clips whose name contains the word.
  static func cases(_ clips: [FidelityClip]) -> [Case] {
    let environment = ProcessInfo.processInfo.environment
    let word = environment["VDEBLUR_CLIPS"] ?? "", all = environment["VDEBLUR_ALL"] != nil
    return clips.filter { word.isEmpty || $0.name.contains(word) }.flatMap { clip in
      clip.outputs.enumerated().filter { all || $0.offset == 0 || clip.refusals[$0.element] != nil }
        .map { Case(clip: clip, output: $0.element) }
    }
  }

  @Test(arguments: cases(timingClips)) func timing(_ test: Case) throws { try check(test) }
  @Test(arguments: cases(formatClips)) func pictureFormats(_ test: Case) throws { try check(test) }
  @Test(arguments: cases(contentClips)) func content(_ test: Case) throws { try check(test) }

  private func check(_ test: Case) throws {
    let input = try test.clip.clip.make()
    let folder = try ScratchFolder()
    let isFragmented = test.output == "fmp4"
    let output = folder.path("out." + (isFragmented ? "mp4" : test.output))
    let result: Transcode.Result
    do {
      result = try Transcode.identity(input, output, format: isFragmented ? "fmp4" : nil)
    } catch let refusal as VideoError {
      guard let words = test.clip.refusals[test.output] else { throw refusal }
      #expect(refusal.description.contains(words), "\(refusal)")
      #expect(folder.contents.isEmpty)
      return
    }
    #expect(test.clip.refusals[test.output] == nil || !FFmpegRelease.is51, "must be refused")
    #expect(folder.contents == ["out." + (isFragmented ? "mp4" : test.output)])
    for difference in try Fidelity(SourceFacts.of(input), output, result).differences()
    where test.clip.waived[difference.check] == nil {
      Issue.record("\(test.testDescription): \(difference)")
    }
  }
}
