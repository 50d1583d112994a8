public import Deblur
public import VideoIO

extension Deblurrer {
  /// How far ``deblur(_:to:segment:options:overwrite:progress:)`` has come.
  public struct FileProgress: Sendable {
    /// Frames written so far.
    public let frames: Int
    /// Frames in all, as far as the headers tell.
    public let expectedFrames: Int?
    /// From 0 to 1; nil where the headers do not tell.
    public var fraction: Double? {
      expectedFrames.map { $0 > 0 ? min(1, Double(frames) / Double($0)) : 1 }
    }
  }

  /// Deblurs a file; sound, subtitles, chapters and frame times stay as they are.
  ///
  ///     try Deblurrer().deblur("in.mp4", to: "out.mp4") { print($0.frames) }
  ///
  /// Works on the calling thread and takes as long as it takes: call it from a thread of your own, or from a task that may
  /// block. It ends early when that task is cancelled or when `progress` throws; then nothing is left of the output, which
  /// in any case appears only when it is complete. The program `vdeblur` does the same faster: it reads and writes beside
  /// the networks.
  /// - Parameters:
  ///   - input: a file, or `-` for standard input.
  ///   - output: a file, or `-` for standard output.
  ///   - segment: nil for all of it.
  ///   - options: how the output is coded and stored.
  ///   - overwrite: replace an existing output.
  ///   - progress: called after every frame.
  /// - Throws: `VideoError`, `DeblurError`, `CancellationError`, and what `progress` throws.
  @discardableResult
  public func deblur(
    _ input: String, to output: String, segment: Segment? = nil, options: WriterOptions = WriterOptions(),
    overwrite: Bool = false, progress: (FileProgress) throws -> Void = { _ in }
  ) throws -> VideoWriter.Summary {
    let clip = try DeblurredClip(input, by: self, segment: segment)
    let writer = try VideoWriter(path: output, source: clip.info, options: options, overwrite: overwrite)
    do {
      while let item = try clip.next() {
        switch item {
        case .packet(let packet): try writer.write(packet)
        case .frame(let source, let restored):
          try writer.write(clip.frame(of: restored, like: source))
          try progress(FileProgress(frames: writer.frameCount, expectedFrames: clip.info.estimatedFrames))
        }
        try Task.checkCancellation()
      }
      return try writer.finish()
    } catch {
      writer.abandon()
      throw error
    }
  }
}
