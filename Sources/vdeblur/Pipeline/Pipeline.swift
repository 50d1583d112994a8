import Deblur
import Synchronization
import VideoIO

/// Reads, deblurs and writes at once: named threads, joined by three bounded queues.
///
///     vdeblur-read: bytes → packets → frames → tensors
///       ═▶  vdeblur-match: motion between frames
///       ═▶  vdeblur-restore: the frames before them, sharp; two such threads, a frame each, where frames are small
///       ═▶  vdeblur-write: tensors → frames → packets → bytes
///
/// Whole frames side by side keep the cores busier than one frame divided among them: nobody waits for the last part of
/// a layer.
///
/// Packets of sound and subtitles take the same way as the pictures, so that the order at the muxer never depends on
/// which thread was faster. What is in flight is bounded by the queues; nothing grows with the clip.
final class Pipeline: @unchecked Sendable {
  /// Makes the frame that is written from the source's frame and the restored pixels.
  typealias Rendering = (_ source: Frame, _ restored: Tensor) throws -> Frame

  private let source: Source
  private let deblurring: Deblurring
  private let render: Rendering
  private let writer: any FrameWriter
  private let progress: Progress
  private let toMatch = BoundedQueue<Parcel>(capacity: Parcel.queueCapacity) { $0.weight }
  private let toRestore = BoundedQueue<Parcel>(capacity: Parcel.queueCapacity) { $0.weight }
  private let toWrite: BoundedQueue<Parcel>
  /// Frames restored at a time.
  private let lanes: Int
  /// Held while a frame is taken from one queue and its place reserved in the next, so that their order stays.
  private let turn = Mutex(())
  private let firstError = Mutex<(any Error)?>(nil)

  init(
    source: Source, deblurring: Deblurring, render: @escaping Rendering, writer: any FrameWriter, progress: Progress
  ) {
    self.source = source
    self.deblurring = deblurring
    self.render = render
    self.writer = writer
    self.progress = progress
    let frame = source.firstFrame
    lanes = Parallel.threadCount == 1 ? 1 : deblurring.framesAtOnce(height: frame.height, width: frame.width)
    toWrite = BoundedQueue(capacity: lanes * Parcel.queueCapacity) { $0.weight }
  }

  /// Runs to the end of the source. On any error nothing is left at the output's place. The progress is the caller's to finish.
  /// - Throws: the error that came first; the stages that ended because of it stay silent.
  func run() throws -> VideoWriter.Summary {
    let stages =
      [("read", read), ("match", match), ("write", write)] + (0..<lanes).map { _ in ("restore", restore) }
    let threads = stages.map { name, body in NamedThread("vdeblur-\(name)") { self.stage(body) } }
    threads.forEach { $0.join() }
    if let error = firstError.withLock({ $0 }) {
      writer.abandon()
      throw error
    }
    do {
      return try writer.finish()
    } catch {
      writer.abandon()
      throw error
    }
  }

  private func read() throws {
    while let item = try Profile.measure("read and decode", { try source.next() }) {
      switch item {
      case .frame(let frame):
        let pixels = try Profile.measure("convert") { try source.tensors.tensor(of: frame) }
        try toMatch.handOver(.picture(frame, pixels))
      case .packet(let packet):
        try toMatch.push(.packet(packet))
      }
    }
    toMatch.finish()
  }

  private func match() throws {
    while let parcel = try toMatch.pop() {
      switch parcel {
      case .picture(let frame, let pixels):
        if let ready = try deblurring.push(frame, pixels, wanted: !frame.isContext) { try handOn(ready) }
      case .match, .promise, .packet:
        try toRestore.push(parcel)
      }
    }
    if let last = deblurring.finish() { try handOn(last) }
    toRestore.finish()
  }

  /// With one thread for the networks both halves of the work are this stage's; else they run side by side.
  private func handOn(_ match: Parcel) throws {
    try toRestore.handOver(Parallel.threadCount == 1 ? match.restored() : match)
  }

  private func restore() throws {
    while let (parcel, promise) = try turn.withLock({ _ in try nextToRestore() }) { promise?.keep(parcel.restored) }
  }

  /// Takes a parcel and hands it on, or the promise of what will become of it; nil at the end.
  private func nextToRestore() throws -> (Parcel, Promise<Parcel>?)? {
    guard let parcel = try toRestore.pop() else {
      toWrite.finish()
      return nil
    }
    guard case .match = parcel else {
      try toWrite.push(parcel)
      return (parcel, nil)
    }
    let promise = Promise<Parcel>()
    try toWrite.push(.promise(promise))
    return (parcel, promise)
  }

  private func write() throws {
    while let parcel = try toWrite.pop() {
      if case .promise(let promise) = parcel { try write(promise.value()) } else { try write(parcel) }
    }
  }

  private func write(_ parcel: Parcel) throws {
    switch parcel {
    case .picture(let frame, let restored):
      let picture = try Profile.measure("convert back") { try render(frame, restored) }
      try Profile.measure("encode and mux") { try writer.write(picture) }
      try progress.wroteFrame(time: frame.time, duration: frame.durationInSeconds, bytes: Int(writer.byteCount))
    case .packet(let packet):
      try writer.write(packet)
    case .match, .promise:
      preconditionFailure("a match is restored before it is written")
    }
  }

  private func stage(_ body: () throws -> Void) {
    do { try body() } catch { fail(error) }
  }

  /// Keeps the first error and ends all stages.
  private func fail(_ error: any Error) {
    if !(error is BoundedQueue<Parcel>.Aborted) { firstError.withLock { $0 = $0 ?? error } }
    toMatch.abort()
    toRestore.abort()
    toWrite.abort()
  }
}
