/// Makes the output of parts: the file that one run would have written, byte for byte.
public struct Joining {
  /// What was written.
  public let summary: VideoWriter.Summary
  /// What was damaged in the source, in all parts.
  public let damage: PartDamage

  /// Joins all parts of a clip. Sound, subtitles, chapters and everything else come from the source, as in a run without parts.
  /// - Parameters:
  ///   - count: how many parts there are.
  ///   - source: what ``VideoReader/info`` says of the source.
  ///   - options: those with which the parts were coded.
  ///   - place: of a part.
  ///   - appended: called after each part with the frames and bytes written so far.
  ///   - note: called just before a file takes its name.
  /// - Throws: when a part is missing, damaged or not like its neighbours; then nothing is left of the output.
  public init(
    _ count: Int, of source: SourceInfo, to path: String, options: WriterOptions, overwrite: Bool,
    place: (Int) -> PartWriter.Place, appended: (_ frames: Int, _ bytes: Int64) -> Void = { _, _ in },
    note: (FileStamp) throws(VideoError) -> Void = { _ in }
  ) throws(VideoError) {
    let writer = try VideoWriter(path: path, source: source, options: options, overwrite: overwrite)
    do throws(VideoError) {
      var (previous, total) = (PartFile?.none, PartDamage())
      for part in 0..<count {
        let (path, address) = place(part)
        let file = try PartFile(path: path, address: address)
        try check(file, after: previous, writer)
        try writer.append(file)
        total = total + file.record.damage
        appended(writer.frameCount, writer.byteCount)
        previous = file
      }
      guard total.count * 3 <= total.packets else {
        throw VideoError(
          .input, file: source.path,
          "more than a third of the video is damaged (\(total.count) of \(total.packets) packets)",
          remedy: "copy or download the file again")
      }
      damage = total
      summary = try writer.finish(note: note)
    } catch {
      writer.abandon()
      throw error
    }
  }
}

/// Neighbours must have decoded the same frames where they meet, and all must come from one encoder.
private func check(_ file: PartFile, after previous: PartFile?, _ writer: VideoWriter) throws(VideoError) {
  guard file.record.parameterSets == writer.parameterSets else {
    throw VideoError(
      .otherMachine, file: file.path, "was coded with other parameter sets than this machine's encoder writes",
      remedy: "join the parts on a machine with the libraries that made them")
  }
  guard let previous, previous.record.upper != file.record.lower else { return }
  throw VideoError(
    .input, file: file.path, "does not fit to \(previous.path): they have decoded different frames where they meet",
    remedy: "the source cannot be entered in the middle: remove the folder and plan again with --no-seek")
}

extension VideoWriter {
  /// Appends a part that was coded before, with the same encoder and settings.
  fileprivate func append(_ part: PartFile) throws(VideoError) {
    let record = part.record
    try append(shown: record.times, lastDurations: record.lastDurations) { body throws(VideoError) in
      var count = 0
      try part.readPackets { packet throws(VideoError) in
        count += 1
        try body(packet)
      }
      guard count == record.frames else {
        throw VideoError(
          .input, file: part.path, "holds \(count) packets for \(record.frames) frames", remedy: "make it again")
      }
    }
  }
}
