/// Codes a clip with one encoder after another, a new one for each part.
final class EncoderSequence {
  private let parts: Parts?
  private let make: () throws(VideoError) -> Encoder
  private var current: Encoder?
  /// Counts of the encoders that are through.
  private var finished = (framesIn: 0, packetsOut: 0)
  /// Frames of the clip that lie before the next one.
  private var number: Int64
  /// How long the last two frames that came in are shown, in ticks.
  private(set) var lastDurations: (before: Int64, last: Int64) = (0, 0)
  /// The part of the last frame.
  private(set) var part: Int

  var framesIn: Int { finished.framesIn + (current?.framesIn ?? 0) }
  var packetsOut: Int { finished.packetsOut + (current?.packetsOut ?? 0) }

  /// - Parameters:
  ///   - parts: nil for a single encoder.
  ///   - first: the part that the first frame belongs to, or one before it.
  ///   - make: opens an encoder; all that it opens are alike.
  init(_ parts: Parts?, first: Int = 0, make: @escaping () throws(VideoError) -> Encoder) {
    self.parts = parts
    self.make = make
    part = first
    number = parts.map { $0.clock == .frames ? max(0, $0.range(of: first..<first + 1).lowerBound) : 0 } ?? 0
  }

  /// The encoder that takes the next frame, unless another part begins with it.
  func prepared() throws(VideoError) -> Encoder {
    if let current { return current }
    let made = try make()
    current = made
    return made
  }

  /// Codes the next frame.
  /// - Parameters:
  ///   - partEnded: called with the number of each part that is complete, after its last packet.
  ///   - body: gets the packets in decoding order.
  func encode(
    _ frame: Frame, partEnded: (Int) throws(VideoError) -> Void = { _ in },
    _ body: (Packet) throws(VideoError) -> Void
  ) throws(VideoError) {
    let next = parts?.part(of: frame.pts, number: number) ?? 0
    if next > part { try end(before: next, partEnded: partEnded, body) }
    try prepared().encode(frame, precedesRestart: isLast(frame), body)
    lastDurations = (lastDurations.last, frame.duration)
    number += 1
  }

  /// Ends the parts before `next`: what the encoder holds back is coded; parts without a frame end as they are.
  func end(
    before next: Int, partEnded: (Int) throws(VideoError) -> Void, _ body: (Packet) throws(VideoError) -> Void
  ) throws(VideoError) {
    try finish(body)
    while part < next {
      try partEnded(part)
      part += 1
    }
  }

  /// Codes what the encoder holds back, and closes it.
  func finish(_ body: (Packet) throws(VideoError) -> Void) throws(VideoError) {
    guard let encoder = current.take() else { return }
    if encoder.framesIn > 0 { try encoder.finish(body) }
    finished.framesIn += encoder.framesIn
    finished.packetsOut += encoder.packetsOut
  }

  /// Whether the next frame belongs to a later part. Frames know when the next one is shown.
  private func isLast(_ frame: Frame) -> Bool {
    guard let parts, part < parts.starts.count else { return false }
    return parts.part(of: frame.pts &+ frame.duration, number: number + 1) > part
  }
}
