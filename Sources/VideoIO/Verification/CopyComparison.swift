func compareCopies(
  _ path: String, _ result: SourceInfo, _ source: SourceInfo, _ plan: OutputPlan, _ shift: Double
) throws(VideoError) -> (packets: Int, streams: Int) {
  // Copies keep their order; the result may have streams of its own between them (chapter titles, timecode).
  var rest = result.streams.filter { $0.index != result.video.index }[...]
  var total = 0, count = 0
  for stream in source.streams where plan.treatments[stream.index] == .copied && !stream.isCover {
    guard let at = rest.firstIndex(where: { $0.kind == stream.kind && sameCodec($0.codec, stream.codec) }) else {
      throw VideoError(
        .output, file: path, "lacks the source's \(stream.kind.rawValue) stream \(stream.index) (\(stream.codec))",
        remedy: reportRemedy)
    }
    let copy = rest[at]
    rest = rest[(at + 1)...]
    let hidden = HiddenPackets(source, plan.target)
    let before = try PacketCursor(
      source.source, stream, source.memoryLimit.maximumPixels, hidden: hidden,
      statedEnd: source.statedEnds[stream.index])
    let after = try PacketCursor(
      result.source, copy, source.memoryLimit.maximumPixels, statedEnd: result.statedEnds[copy.index])
    let tick = max(stream.timeBase.value, copy.timeBase.value, source.video.timeBase.value, result.video.timeBase.value)
    let isSegment = source.segment != nil
    var fault: String?
    if let samples = SampleComparison(before, after) {
      fault = samples.difference(isSegment: isSegment, shift, tolerance: 2.02 * tick)
    } else {
      fault = difference(before, after, isSegment: isSegment, shift, tolerance: 2.02 * tick)
    }
    // Milliseconds of Matroska and of movie clocks, on both sides.
    if fault == nil, !isSegment, plan.target.keepsSoundEnds, let a = after.soundEnd, let b = before.soundEnd,
      abs(a - b - shift) > 2.02 * tick + 0.003
    {
      fault = "its sound ends at \(moment(a - shift)), in the source at \(moment(b))"
    }
    if fault == nil, stream.kind == .audio,
      Decoder.starts(source.snapshot.stream(stream.index)), !Decoder.starts(result.snapshot.stream(copy.index))
    {
      fault = "no decoder takes it any more"
    }
    if let fault {
      throw VideoError(
        .output, file: path, "\(stream.kind.rawValue) stream \(stream.index) (\(stream.codec)): \(fault)",
        remedy: reportRemedy)
    }
    total += after.count
    count += 1
  }
  return (total, count)
}

/// MP4 has one name for MPEG sound of all layers, NUT for AC-3 and E-AC-3.
private func sameCodec(_ a: String, _ b: String) -> Bool {
  a == b || Set([a, b]).isSubset(of: ["mp1", "mp2", "mp3"]) || Set([a, b]) == ["ac3", "eac3"]
}

/// The first difference in words; nil for a true copy.
///
/// A segment holds a run of the source's packets. Containers of subtitles put empty packets between the lines.
private func difference(
  _ before: PacketCursor, _ after: PacketCursor, isSegment: Bool, _ shift: Double, tolerance: Double
) -> String? {
  let hasPauses = after.stream.kind == .subtitle
  var expected = before.next()
  var isMatched = false
  while let found = after.next() {
    if hasPauses, found.isEmpty, expected != found { continue }
    while let one = expected, one != found, (isSegment && !isMatched) || (hasPauses && one.isEmpty) {
      expected = before.next()
    }
    guard let one = expected, one == found else {
      let missing = before.count - 1
      while let later = before.next() {
        if later == found { return "packet \(missing) of the source is missing" }
      }
      return "packet \(after.count - 1) is not the source's"
    }
    isMatched = true
    if !hasPauses, let a = found.time, let b = one.time, abs(a - b - shift) > tolerance {
      return "packet \(after.count - 1) lies at \(moment(a - shift)), in the source at \(moment(b))"
    }
    expected = before.next()
  }
  guard !isSegment else { return nil }
  var missing = 0
  while let one = expected {
    if !(hasPauses && one.isEmpty) { missing += 1 }
    expected = before.next()
  }
  return missing > 0 ? "\(missing) packets of the source are missing" : nil
}
