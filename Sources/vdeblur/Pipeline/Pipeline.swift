import Deblur
import Synchronization
import VideoIO

/// Reads, deblurs and writes at once: four named threads, joined by three bounded queues.
///
///     vdeblur-read: bytes → packets → frames → tensors
///       ═▶  vdeblur-match: motion between frames
///       ═▶  vdeblur-restore: the frames before them, sharp
///       ═▶  vdeblur-write: tensors → frames → packets → bytes
///
/// Packets of sound and subtitles take the same way as the pictures, so that the order at the muxer never depends on
/// which thread was faster. What is in flight is bounded by the queues; nothing grows with the clip.
final class Pipeline: @unchecked Sendable {
  /// Makes the frame that is written from the source's frame and the restored pixels.
  typealias Rendering = (_ source: Frame, _ restored: Tensor) throws -> Frame

  private let source: Source
  private let deblurring: Deblurring
  private let render: Rendering
  private let writer: VideoWriter
  private let progress: Progress
  private let toMatch = BoundedQueue<Parcel>(capacity: Parcel.queueCapacity) { $0.weight }
  private let toRestore = BoundedQueue<Parcel>(capacity: Parcel.queueCapacity) { $0.weight }
  private let toWrite = BoundedQueue<Parcel>(capacity: Parcel.queueCapacity) { $0.weight }
  private let firstError = Mutex<(any Error)?>(nil)

  init(
    source: Source, deblurring: Deblurring, render: @escaping Rendering, writer: VideoWriter, progress: Progress
  ) {
    self.source = source
    self.deblurring = deblurring
    self.render = render
    self.writer = writer
    self.progress = progress
  }

  /// Runs to the end of the source. On any error nothing is left at the output's place.
  /// - Throws: the error that came first; the stages that ended because of it stay silent.
  func run() throws -> VideoWriter.Summary {
    let threads = [
      NamedThread("vdeblur-read") { self.stage(self.read) },
      NamedThread("vdeblur-match") { self.stage(self.match) },
      NamedThread("vdeblur-restore") { self.stage(self.restore) },
      NamedThread("vdeblur-write") { self.stage(self.write) },
    ]
    threads.forEach { $0.join() }
    if let error = firstError.withLock({ $0 }) {
      writer.abandon()
      throw error
    }
    do {
      let summary = try writer.finish()
      try progress.finish(bytes: Int(writer.byteCount))
      return summary
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
      case .match, .packet:
        try toRestore.push(parcel)
      }
    }
    if let last = deblurring.finish() { try handOn(last) }
    toRestore.finish()
  }

  /// With one thread for the networks both halves of the work are this stage's; else they run side by side, and where one
  /// waits for its last block the other keeps the core busy.
  private func handOn(_ match: Parcel) throws {
    try toRestore.handOver(Parallel.threadCount == 1 ? match.restored() : match)
  }

  private func restore() throws {
    while let parcel = try toRestore.pop() { try toWrite.push(parcel.restored()) }
    toWrite.finish()
  }

  private func write() throws {
    while let parcel = try toWrite.pop() {
      switch parcel {
      case .picture(let frame, let restored):
        let picture = try Profile.measure("convert back") { try render(frame, restored) }
        try Profile.measure("encode and mux") { try writer.write(picture) }
        try progress.wroteFrame(time: frame.time, duration: frame.durationInSeconds, bytes: Int(writer.byteCount))
      case .packet(let packet):
        try writer.write(packet)
      case .match:
        preconditionFailure("a match is restored before it is written")
      }
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
