import VideoIO

/// What `vdeblur info` says, for people and as JSON.
struct InfoPage: Encodable {
  struct Stream: Encodable {
    let index: Int
    let kind: String
    let codec: String
    /// `1920x1080, yuv420p, 30 fps`, `48000 Hz, 2 channels`.
    let details: String
    let language: String?
    /// "deblurred", "copied", "dropped: …" or "moved: …"; empty if the run would be refused.
    let treatment: String
  }

  struct Estimate: Encodable {
    let frames: Int?
    let framesPerSecond: Double?
    let seconds: Double?
    let memoryBytes: Int
  }

  let file: String
  let format: String
  /// Seconds.
  let duration: Double?
  let streams: [Stream]
  /// Which encoder writes which pixel format into which container, and why; nil if the run would be refused.
  let encoder: String?
  let pixelFormat: String?
  let container: String?
  let reason: String?
  let model: String
  let estimate: Estimate
  /// What to expect of the picture; nil for pipes and where pictures are only copied.
  let expectation: Expectation?
  let warnings: [String]

  init(
    _ source: SourceInfo, plan: Result<OutputPlan, any Error>, model: String, estimate: RunEstimate,
    expectation: Expectation?, warnings: [String]
  ) {
    file = source.path
    format = source.formatName
    duration = source.duration
    streams = source.streams.map { stream in
      let isMain = stream.index == source.video.index
      let shown = isMain ? source.video : stream
      return Stream(
        index: stream.index, kind: stream.isCover ? "cover" : stream.kind.rawValue, codec: stream.codec,
        details: Self.details(shown, dynamicRange: isMain ? source.dynamicRange : nil),
        language: stream.language == "und" ? nil : stream.language,
        treatment: (try? plan.get().treatments[stream.index]).map(Self.words) ?? "")
    }
    switch plan {
    case .success(let plan):
      (encoder, pixelFormat, container, reason) = (plan.encoder, plan.pixelFormat, plan.container, plan.reason)
      self.warnings = warnings + plan.losses
    case .failure(let refusal):
      (encoder, pixelFormat, container, reason) = (nil, nil, nil, nil)
      self.warnings = warnings + ["this run would be refused: \(refusal)"]
    }
    self.model = model
    self.expectation = expectation
    self.estimate = Estimate(
      frames: estimate.frames, framesPerSecond: estimate.secondsPerFrame > 0 ? 1 / estimate.secondsPerFrame : nil,
      seconds: estimate.seconds, memoryBytes: estimate.bytes)
    run = estimate.description
  }

  private let run: String

  private enum CodingKeys: CodingKey {
    case file, format, duration, streams, encoder, pixelFormat, container, reason, model, estimate, expectation,
      warnings
  }

  var text: String {
    let rows = streams.map { stream in
      [
        "  \(stream.index)", stream.kind, stream.codec, stream.details, stream.language ?? "", stream.treatment,
      ]
    }
    var out = "\(file.printable): \(shortFormat)\(duration.map { ", \(clock($0)) s" } ?? "")\n"
    out += table(rows)
    if let encoder, let pixelFormat, let container, let reason {
      out += "encoder: \(encoder), \(pixelFormat), into \(container) (\(reason))\n"
    }
    out += "model:   \(model.printable)\n"
    out += "run:     \(run)\n"
    if let expectation { out += "expect:  \(expectation.words)\n" }
    for warning in warnings { out += "warning: \(warning.printable)\n" }
    return out
  }

  /// FFmpeg names one demuxer "mov,mp4,m4a,3gp,3g2,mj2": the name that the file bears, or the first.
  private var shortFormat: Substring {
    let names = format.split(separator: ",")
    return names.first { file.lowercased().hasSuffix(".\($0)") } ?? names.first ?? Substring(format)
  }

  private static func words(_ treatment: OutputPlan.Treatment) -> String {
    switch treatment {
    case .reencoded: "deblurred"
    case .copied: "copied"
    case .moved(let place): "moved: \(place)"
    case .dropped(let reason): "dropped: \(reason)"
    }
  }

  private static func details(_ stream: StreamInfo, dynamicRange: String?) -> String {
    switch stream.kind {
    case .video:
      var facts = ["\(stream.width)x\(stream.height)"]
      if let format = stream.pixelFormat { facts.append(format) }
      if !stream.isCover, stream.frameRate.isKnown {
        facts.append("\(stream.hasConstantFrameRate ? "" : "about ")\(trimmed(stream.frameRate.value)) fps")
      }
      if stream.isTurned { facts.append("shown \(orientation(of: stream))") }
      if let dynamicRange { facts.append(dynamicRange) }
      if stream.isInterlaced { facts.append("interlaced") }
      return facts.joined(separator: ", ")
    case .audio:
      return "\(stream.sampleRate) Hz, \(stream.channels) \(stream.channels == 1 ? "channel" : "channels")"
    default:
      return stream.title ?? ""
    }
  }

  /// `turned by 90 degrees`, `mirrored`.
  private static func orientation(of stream: StreamInfo) -> String {
    let mirrored = stream.orientation.isMirrored
    switch (stream.orientation.swapsAxes, mirrored) {
    case (false, true): return stream.orientation.flipsX ? "mirrored" : "upside down and mirrored"
    case (true, true): return "mirrored and turned by \(stream.orientation.flipsX ? 90 : 270) degrees"
    default: return "turned by \(stream.rotation) degrees"
    }
  }

  /// `30` for 30, `29.97` for 30000/1001.
  private static func trimmed(_ value: Double) -> String {
    value == value.rounded() ? fixed(value, 0) : fixed(value, 2)
  }
}
