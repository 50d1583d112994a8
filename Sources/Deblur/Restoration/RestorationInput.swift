internal import CKernels

/// What the restoration network reads, as one tensor: the frames, sampled where the motion leads and laid space to depth,
/// centred so that zero padding means mid-grey; behind them the motion path and the flows, as configured.
///
/// It is made strip by strip, so that no aligned frame is ever stored as a whole.
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

  /// [H/u, W/u, (3·frames + 2·pathSamples)·u² (+ 4)].
  func callAsFunction() -> Tensor {
    let u = config.unshuffle
    let image = sources[0].image
    let pixelChannels = 3 * u * u
    let channels = pixelChannels * sources.count + (path?.channels ?? 0) + 2 * flows.count
    let out = Tensor(image.height / u, image.width / u, channels)
    let whole = out.view
    let strip = min(Self.stripRows, Parallel.strip(out.height))
    let scratch = image.width * 3 * u * strip + TensorPool.slack
    Parallel.for((out.height + strip - 1) / strip, scratch: scratch) { index, scratch in
      let (first, end) = (Int32(index * strip), Int32(min((index + 1) * strip, out.height)))
      var channel = 0
      func next(_ count: Int) -> vdk_view {
        defer { channel += count }
        return whole.channels(channel..<channel + count)
      }
      for source in sources { unshuffle(source, into: next(pixelChannels), first, end, scratch) }
      if let path { path.compute(first, end, into: next(path.channels)) }
      for flow in flows {
        kernels.pointee.average_pool(flow.view, next(2), Int32(u), 1 / Self.flowScale, first, end)
      }
    }
    return out
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
