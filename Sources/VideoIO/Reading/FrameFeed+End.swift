internal import CFFmpeg

/// What is known of the clip's end when it has come.
extension FrameFeed {
  /// How long the last picture is shown: its container knows best.
  func lastDuration(_ picture: borrowing TimedPicture) -> Int64 {
    if let changeBehind { return max(1, changeBehind &- picture.pts) }
    let own = cff_frame_duration(picture.picture.pointer)
    // Of a segment that begins later, the packets before it are not known.
    let isWhole = options.segment.map { $0.start == 0 } ?? true
    if demuxer.formatName.hasPrefix("mov"), stream.pointee.start_time != unknownTime,
      let whole = statedDuration(stream), whole > 0,
      announcedPackets <= packetsInFile ?? (isWhole ? damage.packets : 0)
    {
      let rest = stream.pointee.start_time &+ whole &- picture.pts
      // What no index can hold is damage.
      if rest > 0, rest <= Int64(Int32.max) { return rest }
    }
    if let end = statedEnd {
      let rest = timeBase.ticks(fromSeconds: end) &- picture.pts
      if rest > own, rest <= Int64(Int32.max) { return rest }
    }
    // Transport and elementary streams carry no durations; what FFmpeg states there is a guess from the codec's clock.
    let hasDurations = !["mpegts", "mpeg", "h264", "hevc", "m4v", "mpegvideo"].contains(demuxer.formatName)
    return hasDurations && own > 0 ? own : repair.frameTicks
  }

  /// Matroska's muxers note as a tag where a track ends; believed if the file as a whole lasts as long.
  private var statedEnd: Double? {
    guard demuxer.formatName.hasPrefix("matroska"), let whole = demuxer.duration,
      let end = seconds(clock: demuxer.streams[index].metadata["DURATION"])
    else { return nil }
    return end <= whole + 0.0015 ? end : nil
  }

  /// Checks at the end that enough was decoded.
  func finish(frames: Int) throws(VideoError) {
    if !demuxer.source.isReopenable, !isSegment, !isPart {
      demuxer.readOn()
      try demuxer.source.checkJoint()
    }
    if damage.count > 0, !isPart {
      guard damage.count * 3 <= damage.packets else {
        throw VideoError(
          .input, file: demuxer.path,
          "more than a third of the video is damaged (\(damage.count) of \(damage.packets) packets)",
          remedy: "copy or download the file again")
      }
      options.report("\(damage.count) of \(damage.packets) video packets were damaged")
    }
    if repair.repaired > 0 {
      options.report("\(repair.repaired) frame \(repair.repaired == 1 ? "time was" : "times were") mended")
    }
    if damage.endedEarly || damage.readErrors > 0 {
      options.report("the container is damaged: \(damage.readErrors) places could not be read")
    }
    for stream in demuxer.strangers.values.sorted(by: { $0.time < $1.time }) {
      options.report(
        "\(stream.kind.rawValue) stream (\(stream.codec)) begins at \(moment(stream.time)), when the header was written already: it is not copied"
      )
    }
    if !isSegment, !isPart, let missing = missingEnd {
      options.report("the file ends early: \(missing)")
      if options.strict { throw VideoError(.input, file: demuxer.path, "ends early: \(missing)") }
    }
  }

  /// What of the file is there, where that is less than was announced.
  private var missingEnd: String? {
    if announcedPackets > 0 {
      return damage.packets < announcedPackets
        ? "\(damage.packets) of \(announcedPackets) announced pictures are there" : nil
    }
    // Durations are rounded, and muxers do not agree where the last packet ends.
    let tolerance = max(0.25, 3 * timeBase.seconds(repair.frameTicks))
    guard let end = demuxer.announcedEnd(of: index), end - demuxer.lastEnd > tolerance else { return demuxer.brokenEnd }
    return "\(moment(demuxer.lastEnd - demuxer.startTime)) of \(moment(end - demuxer.startTime)) announced are there"
  }

  /// What MP4's index lists, with the pictures that an edit list hides or repeats; 0 where nothing does. AVI's index counts empty chunks too.
  private var announcedPackets: Int {
    guard demuxer.formatName.hasPrefix("mov"), stream.pointee.nb_frames > 0 else { return 0 }
    return Int(avformat_index_get_entries_count(stream))
  }
}
