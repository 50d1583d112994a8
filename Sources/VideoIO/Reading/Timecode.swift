internal import CFFmpeg

/// SMPTE timecode (ST 12-1): the studio's clock, as a tag that says what the first picture's is.
extension SourceInfo {
  /// The timecode of the first picture that is written; nil where the source has none.
  var timecode: String? {
    let stated = [video.metadata, metadata] + streams.filter { $0.kind == .data }.map(\.metadata)
    return stated.lazy.compactMap { $0.first { $0.key.lowercased() == "timecode" }?.value }.first.map(moved)
  }

  /// Pictures a second of its clock: a timecode track states them, for a variable rate too.
  var timecodeRate: Rational {
    let track = streams.first { $0.kind == .data && $0.metadata["timecode"] != nil && $0.frameRate.isKnown }
    return track?.frameRate ?? video.frameRate
  }

  /// A timecode at the source's beginning, moved to where the segment begins.
  func moved(_ timecode: String) -> String {
    guard segment != nil, timecodeRate.isKnown else { return timecode }
    let frames = (firstFrame.time - (video.startTime ?? startTime)) * timecodeRate.value
    var clock = AVTimecode()
    guard frames.isFinite, abs(frames) < 1e9,
      av_timecode_init_from_string(&clock, timecodeRate.c, timecode, nil) >= 0
    else { return timecode }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(AV_TIMECODE_STR_SIZE)) { text in
      guard av_timecode_make_string(&clock, text.baseAddress!, Int32(frames.rounded())) != nil else { return timecode }
      return String(cString: text.baseAddress!)
    }
  }
}
