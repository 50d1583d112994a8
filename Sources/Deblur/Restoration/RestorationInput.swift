internal import CKernels

/// What the restoration network reads: the frames, sampled where the motion leads and laid space to depth,
/// centred so that zero padding means mid-grey; behind them the motion path and the flows, as configured.
///
/// It is computed as far as it is needed, so that neither an aligned frame nor the input itself is ever there as a whole.
struct RestorationInput {
  /// A frame of the window, and the flow that leads to it from the middle one; nil to take it as it is.
  struct Source {
    let image: Tensor  // [H, W, 3]
    let flow: Tensor?  // [H, W, 2]
  }

  /// Pixels of motion that count as 1.
  static let flowScale: Float = 16
  /// Differences along the motion path are small beside the frames themselves.
  static let pathScale: Float = 4

  private let config: ModelConfig.Restoration
  private let sources: [Source]
  private let flows: [Tensor]  // [H, W, 2] each, those that are written
  private let path: MotionPath?
  private let kernels = InstructionSet.current.kernels

  /// - Parameters:
  ///   - sources: previous, middle and next frame, or the middle one alone; sides multiples of `config.unshuffle`.
  ///   - flows: from the middle frame to the previous and to the next; read if the network takes motion.
  init(_ sources: [Source], flows: [Tensor], _ config: ModelConfig.Restoration) {
    (self.config, self.sources) = (config, sources)
    self.flows = config.flowInput ? flows : []
    path =
      config.pathSamples > 0
      ? MotionPath(
        sources[1].image, back: flows[0], ahead: flows[1], count: config.pathSamples, factor: config.unshuffle,
        scale: Self.pathScale) : nil
  }

  /// H/u
  var height: Int { sources[0].image.height / config.unshuffle }
  /// W/u
  var width: Int { sources[0].image.width / config.unshuffle }
  /// (3·frames + 2·pathSamples)·u² (+ 4)
  var channels: Int { pixelChannels * sources.count + (path?.channels ?? 0) + 2 * flows.count }

  private var pixelChannels: Int { 3 * config.unshuffle * config.unshuffle }

  /// Computes some rows of `out`, [height, width, channels].
  func compute(_ rows: Range<Int>, into out: vdk_view) {
    let u = config.unshuffle
    let strip = min(Self.stripRows, Parallel.strip(rows.count))
    let scratch = width * u * 3 * u * strip + TensorPool.slack
    Parallel.for((rows.count + strip - 1) / strip, scratch: scratch) { index, scratch in
      let first = Int32(rows.lowerBound + index * strip)
      let end = min(first + Int32(strip), Int32(rows.upperBound))
      var channel = 0
      func next(_ count: Int) -> vdk_view {
        defer { channel += count }
        return out.channels(channel..<channel + count)
      }
      for source in sources { unshuffle(source, into: next(pixelChannels), first, end, scratch) }
      if let path { path.compute(first, end, into: next(path.channels)) }
      for flow in flows {
        kernels.pointee.average_pool(flow.view, next(2), Int32(u), 1 / Self.flowScale, first, end)
      }
    }
  }

  /// Rows `first ..< end` of `out`. `scratch`: as many rows of the aligned frame.
  private func unshuffle(
    _ source: Source, into out: vdk_view, _ first: Int32, _ end: Int32, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let u = Int32(config.unshuffle)
    var image = source.image.view
    if let flow = source.flow {
      var aligned = image
      aligned.base = scratch
      aligned = aligned.startingAt(row: first * u)
      kernels.pointee.warp(image, flow.view, aligned, first * u, end * u)
      image = aligned
    }
    kernels.pointee.unshuffle(image, out, u, -0.5, first, end)
  }

  /// So few that a strip's part of the result stays in the cache until all of it is written.
  private static let stripRows = 2
}
