internal import CKernels

/// Samples of a blurred image's brightness along its own motion: the path that the open shutter smeared it over, and along that path's bend.
///
/// `sample[k] = scale · (brightness(p + τₖ m) − brightness(p))` for `τₖ = ±k/(2·count)`, k = 1…count, the backward ones first and farthest
/// first,
/// where m = (`toNext` − `toPrevious`) / 2 is the motion from one frame to the next. Along these samples blur of any length and direction is one
/// and the same filter.
///
/// Behind them, in the same order, the samples at `±k/(16·bend)` of the bend, `toPrevious` + `toNext`: where the path is curved, the image's
/// centroid lies off the place of the middle of the exposure, along the bend.
///
/// `image`: `[H, W, C]`, its brightness the mean of the channels; `toPrevious`, `toNext`: flow to the neighbours, `[H, W, 2]`;
/// result: `[H/factor, W/factor, (2·count + 2·bend)·factor²]`, space to depth in the order of ``pixelUnshuffle(_:factor:offset:)``.
func motionPath(
  _ image: Tensor, toPrevious: Tensor, toNext: Tensor, count: Int, bend: Int = 0, factor: Int, scale: Float
) -> Tensor {
  precondition(image.height % factor == 0 && image.width % factor == 0, "\(image.shape) is no multiple of \(factor)")
  let path = MotionPath(
    image, toPrevious: toPrevious, toNext: toNext, count: count, bend: bend, factor: factor, scale: scale)
  let out = Tensor(image.height / factor, image.width / factor, path.channels)
  let to = out.view
  Parallel.rows(out.height) { path.compute($0, $1, into: to) }
  return out
}

/// ``motionPath(_:toPrevious:toNext:count:bend:factor:scale:)``, some rows at a time.
struct MotionPath {
  private let brightness: Tensor  // [H, W + 1, 1]
  private let toPrevious, toNext: Tensor  // [H, W, 2]
  private let count, bend, factor: Int
  private let scale: Float
  private let kernels = InstructionSet.current.kernels

  init(_ image: Tensor, toPrevious: Tensor, toNext: Tensor, count: Int, bend: Int, factor: Int, scale: Float) {
    precondition(
      [toPrevious, toNext].allSatisfy { $0.height == image.height && $0.width == image.width && $0.channels == 2 },
      "motion path of \(image.shape) by flows \(toPrevious.shape) and \(toNext.shape)")
    (self.toPrevious, self.toNext) = (toPrevious, toNext)
    (self.count, self.bend, self.factor, self.scale) = (count, bend, factor, scale)
    brightness = Tensor(image.height, image.width + 1, 1)
    let (from, to, kernels) = (image.view, brightness.view, kernels)
    Parallel.rows(image.height) { kernels.pointee.brightness(from, to, $0, $1) }
  }

  /// Of the result.
  var channels: Int { 2 * (count + bend) * factor * factor }

  /// Rows `first ..< end` of `out`, [H/factor, W/factor, channels].
  func compute(_ first: Int32, _ end: Int32, into out: vdk_view) {
    var plane = brightness.view
    plane.width -= 1
    kernels.pointee.motion_path(
      plane, toPrevious.view, toNext.view, out, Int32(count), Int32(bend), Int32(factor), scale, first, end)
  }
}
