internal import CKernels

/// What the restoration network reads: the aligned frames, laid space to depth and centred so that zero padding means
/// mid-grey; behind them the motion path and the flows, as configured.
///
/// It is computed as far as it is needed, so that neither an aligned frame nor the input itself is ever there as a whole.
struct RestorationInput {
  /// Pixels of motion that count as 1.
  static let flowScale: Float = 16
  /// Differences along the motion path are small beside the frames themselves.
  static let pathScale: Float = 4

  private let config: ModelConfig.Restoration
  private let frames: [AlignedFrame]
  private let flows: [Tensor]  // [H, W, 2] each, those that are written
  private let path: MotionPath?
  private let kernels = InstructionSet.current.kernels

  /// - Parameter alignment: of frames whose sides are multiples of `config.unshuffle`; its flows are read if the network
  ///   takes motion.
  init(_ alignment: Alignment, _ config: ModelConfig.Restoration) {
    self.config = config
    frames = alignment.frames
    flows = config.flowInput ? alignment.flows : []
    path =
      config.pathSamples + config.bendSamples > 0
      ? MotionPath(
        frames[1].frame, toPrevious: alignment.flows[0], toNext: alignment.flows[1], count: config.pathSamples,
        bend: config.bendSamples, factor: config.unshuffle, scale: Self.pathScale) : nil
  }

  /// H/u
  var height: Int { frames[0].frame.height / config.unshuffle }
  /// W/u
  var width: Int { frames[0].frame.width / config.unshuffle }
  /// (3·frames + 2·pathSamples + 2·bendSamples)·u² (+ 4)
  var channels: Int { pixelChannels * frames.count + (path?.channels ?? 0) + 2 * flows.count }

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
      for frame in frames {
        let aligned = frame.rows(first * Int32(u), end * Int32(u), in: scratch)
        kernels.pointee.unshuffle(aligned, next(pixelChannels), Int32(u), -0.5, first, end)
      }
      if let path { path.compute(first, end, into: next(path.channels)) }
      for flow in flows {
        kernels.pointee.average_pool(flow.view, next(2), Int32(u), 1 / Self.flowScale, first, end)
      }
    }
  }

  /// So few that a strip's part of the result stays in the cache until all of it is written.
  private static let stripRows = 2
}

extension Conv2d {
  /// The convolution of what the restoration network reads, which is computed meanwhile.
  func callAsFunction(_ input: RestorationInput, activation: Activation) -> Tensor {
    let work = input.height * input.width * convolution.geometry.multiplyAccumulatesPerOutputPixel
    return Profile.measure(name, multiplyAccumulates: work) {
      convolution(height: input.height, width: input.width, activation: activation) { rows, view in
        Profile.measure("input") { input.compute(rows, into: view) }
      }
    }
  }
}
