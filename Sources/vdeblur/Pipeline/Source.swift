import Glibc
import Logging
import VideoIO

/// The clip that is read, opened as far as its first frame: from there on size, format and plan are known, and what
/// can fail beforehand has failed.
///
/// Opened on one thread, then read on another; never on two at once.
final class Source: @unchecked Sendable {
  let info: SourceInfo
  let firstFrame: Frame
  let tensors: FrameTensors
  private let reading: Reading
  /// What was read to find the first frame.
  private var opening: [VideoReader.Item]

  private enum Reading {
    case whole(VideoReader)
    case parts(PartReader)
  }

  /// - Parameters:
  ///   - segment: nil for all of it.
  ///   - acceptsInterlaced: to look at a clip that would be refused.
  ///   - isProgressive: every frame is one whole picture, whatever its flags say.
  ///   - videoStream: which video, by its index in the file; nil chooses.
  ///   - report: gets the reader's warnings as they arise.
  /// - Throws: `VideoError` if the clip cannot be read or holds no frame there.
  convenience init(
    path: String, segment: Segment?, strict: Bool = false, memoryLimit: Int? = nil, acceptsInterlaced: Bool = false,
    isProgressive: Bool = false, videoStream: Int? = nil, report: @escaping @Sendable (String) -> Void
  ) throws {
    var options = ReaderOptions()
    options.segment = segment
    options.strict = strict
    options.videoStream = videoStream
    options.acceptsInterlaced = acceptsInterlaced
    options.isProgressive = isProgressive
    options.report = report
    if let memoryLimit { options.memoryLimit = MemoryLimit(bytes: memoryLimit) }
    try self.init(path: path, options: options)
  }

  /// - Throws: `VideoError` if the clip cannot be read or holds no frame there.
  init(path: String, options: ReaderOptions) throws {
    let reader = try VideoReader(path: path, options: options)
    reading = .whole(reader)
    info = reader.info
    opening = []
    var first: Frame?
    while first == nil, let item = try reader.next() {
      opening.append(item)
      if case .frame(let frame) = item { first = frame }
    }
    guard let first else { throw Failure(.input, "\(path): holds no frame: name a file with moving pictures") }
    firstFrame = first
    tensors = try FrameTensors(for: first)
  }

  convenience init(path: String, _ input: InputArguments, segment: Segment?, log: Logger) throws {
    try self.init(
      path: path, segment: segment, strict: input.strict, memoryLimit: input.memoryLimit?.bytes,
      isProgressive: input.progressive, videoStream: input.videoStream
    ) { log.warning("\($0)") }
  }

  /// Some parts of a clip that was opened before.
  init(_ parts: PartReader, like whole: Source) {
    (reading, opening) = (.parts(parts), [])
    (info, firstFrame, tensors) = (whole.info, whole.firstFrame, whole.tensors)
  }

  /// Whether a clip can be opened only once: standard input, a FIFO, a device.
  static func isReadOnce(_ path: String) -> Bool {
    var status = stat()
    return path == "-" || (stat(path.fileName, &status) == 0 && status.st_mode & S_IFMT != S_IFREG)
  }

  /// The next frame or packet in reading order, from the beginning; nil at the end.
  func next() throws -> VideoReader.Item? {
    if !opening.isEmpty { return opening.removeFirst() }
    switch reading {
    case .whole(let reader): return try reader.next()
    case .parts(let reader): return try reader.next().map(VideoReader.Item.frame)
    }
  }

  /// The next frame; packets are dropped.
  func nextFrame() throws -> Frame? {
    while let item = try next() {
      if case .frame(let frame) = item { return frame }
    }
    return nil
  }

  /// Seconds from the beginning of the clip to a frame.
  func position(of frame: Frame) -> Double { frame.time - info.startTime }

  /// About how many frames the whole clip holds, whatever the segment, where its headers tell.
  var wholeFrames: Int? {
    if info.video.announcedFrames > 0 { return Int(info.video.announcedFrames) }
    guard let duration = info.video.duration ?? info.duration, info.video.frameRate.isKnown else { return nil }
    return Int(limiting: max(1, min(1e15, duration * info.video.frameRate.value)))
  }

  /// One line about what was lost or mended, once all is read; nil if nothing was. Of parts it is said where they are joined.
  var damage: String? {
    guard case .whole(let reader) = reading else { return nil }
    let facts = [
      reader.damagedCount > 0 ? "\(reader.damagedCount) damaged packets or frames" : nil,
      reader.repairedTimes > 0 ? "\(counted(reader.repairedTimes, "frame time")) mended" : nil,
    ].compactMap(\.self)
    return facts.isEmpty ? nil : "\(info.path): \(facts.joined(separator: ", "))"
  }
}

extension Frame {
  /// How long the frame is shown, in seconds; 0 when unknown.
  var durationInSeconds: Double { Double(duration) * timeBase.value }
}
