internal import CFFmpeg

extension FrameFeed {
  /// Where a segment begins among the pictures.
  private struct Beginning: ~Copyable {
    /// The last picture before it; nil where there is none.
    var before: TimedPicture?
    /// The first at or after it; nil where there is none.
    var first: TimedPicture?
  }

  /// Moves to the first picture at or after `start`, decoding from a key frame before it, so that it comes out as in a run from the beginning.
  /// - Returns: the picture just before it; nil when there is none.
  func goTo(_ start: Int64) throws(VideoError) -> TimedPicture? {
    let beginning = stream.pointee.start_time == unknownTime ? 0 : stream.pointee.start_time
    // A key frame may be followed by pictures that are shown before it, so a first try can land too late; the beginning of the file cannot.
    var distance = repair.secondTicks
    var hasRead = false
    while demuxer.canSeek, start &- distance > beginning, demuxer.seek(stream: index, to: start &- distance) {
      hasRead = true
      restart(awaitingKey: true)
      if var found = try pictures(around: start) {
        let before = found.before.take()
        let isLate = before == nil && found.first != nil
        if !isLate {
          ahead = found.first.take()
          return before
        }
      }
      distance = min(distance, 1 << 60) * 4
    }
    if hasRead { try reopen() }
    guard var found = try pictures(around: start) else { return nil }
    ahead = found.first.take()
    return found.before.take()
  }

  /// What lies around `start`; nil when nothing can be decoded.
  private func pictures(around start: Int64) throws(VideoError) -> Beginning? {
    var before: TimedPicture?
    while let picture = try next() {
      guard isReliable(picture) else { continue }
      if picture.pts >= start { return Beginning(before: before, first: consume picture) }
      before = consume picture
    }
    return before == nil ? nil : Beginning(before: before, first: nil)
  }
}
