internal import CFFmpeg

/// Proves that a finished output holds what its source holds, by reading both again: every frame at its time, every copied packet byte for
/// byte, picture and sound together.
public struct Verification: Sendable, CustomStringConvertible {
  /// Pictures that were decoded and compared.
  public let frames: Int
  /// Copied packets that were compared, and the streams they belong to.
  public let packets: Int
  /// Streams that the packets belong to.
  public let streams: Int
  /// False when the source was a pipe, which cannot be read again: then only the number of frames is proven.
  public let comparedWithSource: Bool

  /// The result in one line.
  public var description: String {
    guard comparedWithSource else {
      return "verified: \(frames) frames; the source was a pipe and cannot be compared again"
    }
    let copied =
      streams == 0 ? "" : ", \(packets) packets of \(streams) copied \(streams == 1 ? "stream" : "streams") unchanged"
    return "verified: \(frames) frames at the source's times\(copied)"
  }

  /// - Parameters:
  ///   - path: the finished output.
  ///   - plan: what ``VideoWriter`` said it would write.
  ///   - written: how many frames went in.
  /// - Throws: an error of kind `.output` that names the first difference.
  public init(of path: String, against source: SourceInfo, plan: OutputPlan, written: Int) throws(VideoError) {
    var options = ReaderOptions()
    options.segment = source.segment
    options.memoryLimit = source.memoryLimit
    var resultOptions = ReaderOptions()
    resultOptions.videoStream = try VideoIO.place(of: source.video, among: source, plan, in: Demuxer(path: path))
    options.videoStream = source.video.index
    let result = try VideoReader(path: path, options: resultOptions)
    // How the source's frames are flagged was settled before the run.
    options.acceptsInterlaced = true
    let reference = source.isReopenable ? try VideoReader(source: source.source, options: options) : nil
    let tick = max(source.video.timeBase.value, result.info.video.timeBase.value)
    // Both are read in step, so that memory does not grow with their length.
    var count = 0, wantedCount = 0, shift = 0.0
    var moved: VideoError?
    while let foundFrame = try nextFrame(result) {
      let found = foundFrame.time
      if let wantedFrame = try reference.flatMap(nextFrame) {
        let wanted = wantedFrame.time
        if plan.keepsCaptions, foundFrame.captions != wantedFrame.captions {
          throw VideoError(
            .output, file: path, "frame \(count) lacks the source's closed captions", place: "at \(moment(wanted))",
            remedy: reportRemedy)
        }
        if count == 0 { shift = found - wanted }
        wantedCount += 1
        if moved == nil, plan.container != "yuv4mpegpipe", abs(found - wanted - shift) > 1.01 * tick {
          moved = VideoError(
            .output, file: path,
            "frame \(count) is shown at \(moment(found - shift)), in the source at \(moment(wanted))",
            remedy: reportRemedy)
        }
      }
      count += 1
    }
    guard count == written else {
      throw VideoError(.output, file: path, "holds \(count) frames, but \(written) were written", remedy: reportRemedy)
    }
    frames = count
    guard let reference else {
      (packets, streams, comparedWithSource) = (0, 0, false)
      return
    }
    while try nextFrame(reference) != nil { wantedCount += 1 }
    guard wantedCount == count else {
      throw VideoError(
        .output, file: path, "holds \(count) frames, but the source \(wantedCount)", remedy: reportRemedy)
    }
    if let moved { throw moved }
    try compareTimecodes(path, result.info, source, plan)
    try compareDescriptions(path, result.info, source, plan)
    comparedWithSource = true
    (packets, streams) = try compareCopies(path, result.info, source, plan, shift)
  }
}

/// What to do about an output that failed its proof.
let reportRemedy = "the output is not to be trusted: report this, with the source if you can"

/// The stream of the result that was made of the main video: videos keep their order.
private func place(of video: StreamInfo, among source: SourceInfo, _ plan: OutputPlan, in result: Demuxer) -> Int? {
  func isFilm(_ stream: StreamInfo) -> Bool { stream.kind == .video && !stream.isCover }
  let before = source.streams.count {
    isFilm($0) && $0.index < video.index && plan.treatments[$0.index] == .copied
  }
  return result.streams.filter(isFilm).dropFirst(before).first?.index
}

/// The next frame of the segment.
private func nextFrame(_ reader: VideoReader) throws(VideoError) -> Frame? {
  while let item = try reader.next() {
    if case .frame(let frame) = item, !frame.isContext { return frame }
  }
  return nil
}

private func compareTimecodes(_ path: String, _ result: SourceInfo, _ source: SourceInfo, _ plan: OutputPlan)
  throws(VideoError)
{
  guard plan.target.keepsTimecode, let wanted = source.timecode, result.timecode != wanted else { return }
  let problem =
    result.timecode.map { "states the timecode \($0), the source \(wanted)" } ?? "lacks the source's timecode \(wanted)"
  throw VideoError(.output, file: path, problem, remedy: reportRemedy)
}

/// What the streams say of the projection and of the eyes.
private func compareDescriptions(_ path: String, _ result: SourceInfo, _ source: SourceInfo, _ plan: OutputPlan)
  throws(VideoError)
{
  let before = source.snapshot.stream(source.video.index), after = result.snapshot.stream(result.video.index)
  for (type, noun) in [(AV_PKT_DATA_STEREO3D, "stereo"), (AV_PKT_DATA_SPHERICAL, "spherical")] {
    guard let wanted = leadingNumber(of: type, in: before),
      type == AV_PKT_DATA_STEREO3D ? plan.target.keeps(stereo: wanted) : plan.target.keepsProjection
    else { continue }
    let found = leadingNumber(of: type, in: after)
    guard found != wanted else { continue }
    throw VideoError(
      .output, file: path,
      found == nil ? "lacks the source's \(noun) description" : "states another \(noun) description than the source",
      remedy: reportRemedy)
  }
}
