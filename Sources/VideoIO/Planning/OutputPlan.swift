internal import CFFmpeg

/// What will be written: which encoder, which pixel format, and what becomes of every other stream. Made before any work starts.
public struct OutputPlan: Sendable {
  /// What becomes of a stream.
  public enum Treatment: Sendable, Hashable {
    /// The main video: decoded, processed, coded anew.
    case reencoded
    /// Its packets are copied byte for byte.
    case copied
    /// Stored in another place of the container.
    case moved(Place)
    /// Left out, with the reason, for people.
    case dropped(String)
  }

  /// Where a container keeps what is no stream in it.
  public enum Place: String, Sendable, CustomStringConvertible {
    /// A file beside the streams: Matroska's covers.
    case attachment
    /// The tag of a stream: the timecode.
    case timecodeTag = "timecode tag"
    /// The list of chapters.
    case chapters

    /// For people.
    public var description: String { rawValue }
  }

  /// FFmpeg's name: "libx264".
  public let encoder: String
  /// What players call it: "h264".
  public let codec: String
  /// FFmpeg's name of the pixel format that is coded: "yuv420p10le".
  public let pixelFormat: String
  /// Why this encoder and pixel format.
  public let reason: String
  /// FFmpeg's short name of the output's container: "matroska".
  public let container: String
  /// MP4 in pieces, which can go through a pipe.
  public let isFragmented: Bool
  /// By stream index of the source.
  public let treatments: [Int: Treatment]
  /// What the container or the encoder loses, in words.
  public let losses: [String]

  let codecHandle: CodecHandle
  let format: AVPixelFormat
  let target: Container

  /// AVCodec descriptions are constants of the library.
  struct CodecHandle: @unchecked Sendable { let pointer: UnsafePointer<AVCodec> }
}

extension OutputPlan {
  /// Plans an output, or refuses it.
  /// - Throws: ``VideoError`` naming what the container cannot keep, and the remedy.
  public init(for source: SourceInfo, path: String, options: WriterOptions) throws(VideoError) {
    try self.init(for: source, container: Container(path: path, options: options), path: path, options: options)
  }

  init(for source: SourceInfo, container: Container, path: String, options: WriterOptions) throws(VideoError) {
    let path = outputName(path)
    let frame = source.firstFrame
    if source.video.isInterlaced { throw interlacedRefusal(source.path) }
    guard let layout = PixelLayout.planarEquivalent(of: frame.format) else {
      throw VideoError(
        .unsupported, file: source.path, "its pixel format \(frame.pixelFormat) is not handled",
        remedy:
          "convert it to at most 16 bits a sample first, for example: ffmpeg -i INPUT -pix_fmt gbrp16 -c:v ffv1 CONVERTED.mkv"
      )
    }
    let choice = try EncoderChoice(layout: layout, source: source, container: container, path: path, options: options)
    var losses = choice.losses
    var treatments: [Int: Treatment] = [:]
    for stream in source.streams {
      if stream.index == source.video.index {
        treatments[stream.index] = .reencoded
        continue
      }
      treatments[stream.index] = try copyPlan(
        stream, source: source, container: container, path: path, options: options, losses: &losses)
    }
    try checkStream(source, container: container, path: path, losses: &losses)
    let kept = source.streams.filter { [.reencoded, .copied].contains(treatments[$0.index]) }
    losses += ContainerLosses(source, container, kept: kept).list(encoder: String(cString: choice.codec.pointee.name))
    encoder = String(cString: choice.codec.pointee.name)
    codec = String(cString: avcodec_get_name(choice.codec.pointee.id))
    pixelFormat = String(cString: av_get_pix_fmt_name(choice.format))
    reason = choice.reason
    self.container = container.name
    target = container
    isFragmented = container.isFragmented
    self.treatments = treatments
    self.losses = losses
    codecHandle = CodecHandle(pointer: choice.codec)
    format = choice.format
  }
}

/// What becomes of a stream that is not the main video.
private func copyPlan(
  _ stream: StreamInfo, source: SourceInfo, container: Container, path: String, options: WriterOptions,
  losses: inout [String]
) throws(VideoError) -> OutputPlan.Treatment {
  let par = source.snapshot.stream(stream.index).pointee.codecpar.pointee
  if container.isY4M {
    losses.append(
      "y4m holds pictures only: the \(stream.kind.rawValue) stream \(stream.index) (\(stream.codec)) is left out")
    return .dropped("y4m holds pictures only")
  }
  if stream.kind == .audio, stream.sampleRate == 0 {
    let problem = "stream \(stream.index) (\(stream.codec)) is too short or too damaged to tell its sample rate"
    guard options.dropsUnsupported else {
      throw VideoError(
        .unsupported, file: source.path, "its audio \(problem)", remedy: "leave such streams out (--drop-unsupported)")
    }
    losses.append("audio \(problem) and is left out")
    return .dropped("its sample rate is unknown")
  }
  if stream.kind == .video, !stream.isCover, stream.edits.hasJoints {
    let problem =
      "an edit list cuts the middle out of the video stream \(stream.index) (\(stream.codec)), which cannot be copied so"
    guard options.dropsUnsupported else {
      throw VideoError(.unsupported, file: source.path, problem, remedy: "leave such streams out (--drop-unsupported)")
    }
    losses.append("\(problem): it is left out")
    return .dropped("its middle is cut out")
  }
  if stream.isCover {
    if container.name == "matroska" { return .moved(.attachment) }
    if container.isISOMedia, [AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG, AV_CODEC_ID_BMP].contains(par.codec_id) {
      return .copied
    }
  } else if stream.kind == .data {
    if par.codec_tag == fourCC("tmcd") { return .moved(.timecodeTag) }
    if stream.isChapterTrack { return .moved(.chapters) }
    if container.takes(par.codec_id, kind: par.codec_type), container.isISOMedia == source.formatName.hasPrefix("mov") {
      return .copied
    }
    let name = par.codec_tag == 0 ? stream.codec : fourCC(par.codec_tag)
    losses.append("data stream \(stream.index) (\(name)) cannot be stored in \(container.name) and is left out")
    return .dropped("\(container.name) cannot hold it")
  } else if container.takes(par.codec_id, kind: par.codec_type),
    !container.isAVI || stream.kind != .audio || AVISound.canCount(par)
  {
    return .copied
  }
  let what = stream.isCover ? "cover" : "\(stream.kind.rawValue) stream"
  let isUncounted = container.isAVI && container.takes(par.codec_id, kind: par.codec_type)
  if options.dropsUnsupported {
    losses.append(
      isUncounted
        ? "avi counts sound by its length, which \(what) \(stream.index) (\(stream.codec)) does not tell: it is left out"
        : "\(what) \(stream.index) (\(stream.codec)) cannot be stored in \(container.name) and is left out")
    return .dropped("\(container.name) cannot hold it")
  }
  // Of what FFmpeg has no name for, the file's own says more.
  let codec = par.codec_id == AV_CODEC_ID_NONE && par.codec_tag != 0 ? fourCC(par.codec_tag) : stream.codec
  let homes =
    stream.isCover
    ? [".mkv"] : Container.homes(of: par.codec_id, kind: par.codec_type).filter { !container.isAVI || $0 != ".avi" }
  throw VideoError(
    .unsupported, file: path,
    isUncounted
      ? "avi counts sound by its length, which the source's \(what) \(stream.index) (\(codec)) does not tell"
      : "\(container.name) cannot hold the source's \(what) \(stream.index) (\(codec))",
    remedy: (homes.isEmpty ? "" : "write \(homes.prefix(2).joined(separator: " or ")), or ")
      + "leave such streams out (--drop-unsupported)")
}

/// Properties of the main video that some containers lose.
private func checkStream(_ source: SourceInfo, container: Container, path: String, losses: inout [String])
  throws(VideoError)
{
  let video = source.video
  if video.isTurned, !container.keepsRotation {
    let how = video.rotation == 0 ? "mirroring" : "rotation (\(video.rotation)°)"
    throw VideoError(
      .unsupported, file: path, "\(container.name) cannot hold the source's \(how)",
      remedy: "write .mp4 or .mov")
  }
  if let clock = container.clockRate, video.frameRate.value > clock {
    throw VideoError(
      .unsupported, file: path,
      "\(container.name) cannot tell apart the times of \(Int(limiting: video.frameRate.value)) frames a second (at most \(Int(clock)))",
      remedy: "write .mp4, .mov or .nut")
  }
  if container.isAVI, !video.hasConstantFrameRate {
    throw VideoError(
      .unsupported, file: path, "avi cannot hold the source's variable frame rate", remedy: "write .mkv, .mp4 or .nut")
  }
  if container.isAVI, source.segment == nil, let start = video.startTime {
    for stream in source.streams where stream.kind == .audio {
      let offset = (stream.startTime ?? start) - start
      guard abs(offset) > max(0.05, 1 / max(1, video.frameRate.value)) else { continue }
      throw VideoError(
        .unsupported, file: path,
        "avi cannot hold the source's offset of \(moment(offset)) between the picture and audio stream \(stream.index)",
        remedy: "write .mkv, .mp4 or .nut")
    }
  }
  if container.isY4M, !video.hasConstantFrameRate {
    losses.append("y4m holds no frame times: the variable frame rate is lost")
  }
  if let dolbyVision = source.dolbyVision {
    guard dolbyVision.isViewableWithoutMetadata else {
      throw VideoError(
        .unsupported, file: source.path,
        "its pictures are Dolby Vision \(dolbyVision.name): without the metadata, which cannot be re-encoded, their colours are wrong",
        remedy: "convert it to HDR10 first, for example with FFmpeg's filter libplacebo")
    }
    losses.append("Dolby Vision metadata cannot be re-encoded and is left out; the pictures under it stay as they are")
  }
  if source.hasHDR10Plus { losses.append("HDR10+ metadata cannot be re-encoded and is left out; HDR10 stays") }
}

extension OutputPlan {
  /// Whether closed captions go into the bitstream.
  var keepsCaptions: Bool { ["libx264", "libx264rgb", "libx265", "mpeg2video"].contains(encoder) }
}
