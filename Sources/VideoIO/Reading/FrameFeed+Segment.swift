internal import CFFmpeg

extension FrameFeed {
  /// Moves to the first picture at or after `start`, decoding from a key frame before it, so that it comes out as in a run from the beginning.
  /// - Returns: the picture just before it, owned by the caller; nil when there is none.
  func goTo(_ start: Int64) throws(VideoError) -> TimedPicture? {
    let beginning = stream.pointee.start_time == unknownTime ? 0 : stream.pointee.start_time
    // A key frame may be followed by pictures that are shown before it, so a first try can land too late; the beginning of the file cannot.
    var distance = repair.secondTicks
    var hasRead = false
    while demuxer.canSeek, start &- distance > beginning, demuxer.seek(stream: index, to: start &- distance) {
      hasRead = true
      restart(awaitingKey: true)
      if let (before, first) = try pictures(around: start), before != nil || first == nil {
        ahead = first
        return before
      }
      distance = min(distance, 1 << 60) * 4
    }
    if hasRead { try reopen() }
    guard let (before, first) = try pictures(around: start) else { return nil }
    ahead = first
    return before
  }

  /// The last picture before `start` and the first at or after it. The caller owns both; nil when nothing can be decoded.
  private func pictures(around start: Int64) throws(VideoError) -> (before: TimedPicture?, first: TimedPicture?)? {
    var before: TimedPicture?
    while let picture = try next() {
      guard isReliable(picture) else {
        picture.free()
        continue
      }
      if picture.pts >= start { return (before, picture) }
      if let old = before { old.free() }
      before = picture
    }
    return before.map { ($0, nil) }
  }
}
