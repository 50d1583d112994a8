import Foundation
import VideoIO

/// The whole path with a network that changes nothing.
enum Transcode {
  struct Result {
    let summary: VideoWriter.Summary
    let plan: OutputPlan
    let notes: [String]
    let damaged: Int
    let repaired: Int
  }

  /// Collects notices from any thread.
  final class Notes: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: [String] = []
    func add(_ line: String) { lock.withLock { stored.append(line) } }
    var lines: [String] { lock.withLock { stored } }
  }

  @discardableResult
  static func identity(
    _ input: String, _ output: String, format: String? = nil, segment: Segment? = nil, strict: Bool = false,
    progressive: Bool = false, overwrite: Bool = false,
    limit: MemoryLimit = .standard, edit: (inout WriterOptions) -> Void = { _ in }
  ) throws -> Result {
    let notes = Notes()
    var reading = ReaderOptions()
    reading.segment = segment
    reading.strict = strict
    reading.memoryLimit = limit
    reading.isProgressive = progressive
    reading.report = { notes.add($0) }
    let reader = try VideoReader(path: input, options: reading)
    var writing = WriterOptions()
    writing.preset = "ultrafast"
    writing.crf = 12
    writing.format = format
    writing.report = { notes.add($0) }
    edit(&writing)
    let plan = try VideoWriter.check(path: output, source: reader.info, options: writing, overwrite: overwrite)
    let writer = try VideoWriter(path: output, source: reader.info, options: writing, overwrite: overwrite)
    let converter = try PixelConverter(for: reader.info)
    var rgb = [Float](repeating: 0, count: converter.sampleCount)
    while let item = try reader.next() {
      switch item {
      case .packet(let packet): try writer.write(packet)
      case .frame(let frame):
        var pixels = rgb.mutableSpan
        try converter.read(frame, into: &pixels)
        try writer.write(converter.write(rgb.span, like: frame))
      }
    }
    let summary = try writer.finish()
    return Result(
      summary: summary, plan: plan, notes: notes.lines, damaged: reader.damagedCount, repaired: reader.repairedTimes)
  }
}
