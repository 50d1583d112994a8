import TestSupport

/// A clip that is written again, and what must come of it.
struct FidelityClip: Sendable {
  let clip: Clip
  /// Extensions or `-f` formats to write; the first is the natural one.
  let outputs: [String]
  /// Refused with a message that contains these words, by output; a release of FFmpeg after 5.1 may keep everything instead.
  let refusals: [String: String]
  /// Checks that do not apply to every output of this clip, and why.
  let waived: [Check: String]

  init(
    _ name: String, _ fileName: String, to outputs: [String], refused: [String: String] = [:],
    waived: [Check: String] = [:], _ script: String
  ) {
    clip = Clip(name, fileName, script)
    self.outputs = outputs
    refusals = refused
    self.waived = waived
  }

  var name: String { clip.name }
}

/// A property that must survive.
enum Check: String, Sendable, CaseIterable {
  case times, order, end, copied, sound, offset, colour, shape, tags, chapters, streams, sideData, rate
}
