internal import CKernels

/// Backward bilinear warp: `out(x, y) = image(x + u, y + v)`, positions clamped to the border.
///
/// `image`: `[H, W, C]`; `flow`: `[H, W, 2]`, u to the right and v downwards in pixels.
/// Source: PWC-Net (Sun et al., CVPR 2018), section 3, "Warping layer".
public func warp(_ image: Tensor, by flow: Tensor) -> Tensor {
  precondition(
    flow.height == image.height && flow.width == image.width && flow.channels == 2,
    "warp of \(image.shape) by a flow \(flow.shape)")
  let out = Tensor(shape: image.shape)
  let kernels = InstructionSet.current.kernels
  let (from, motion, to) = (image.view, flow.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.warp(from, motion, to, $0, $1) }
  return out
}

/// `out[(dy+r)(2r+1)+(dx+r)](y, x) = mean_c a(y, x, c)·b(y+dy, x+dx, c)`, zero outside; then LeakyReLU if `slope`.
///
/// `a`, `b`: `[H, W, C]`; result: `[H, W, (2r+1)²]`. Source: PWC-Net, section 3, "Cost volume layer".
public func costVolume(_ a: Tensor, _ b: Tensor, radius: Int, slope: Float? = nil) -> Tensor {
  precondition(a.shape == b.shape && radius <= 8, "cost volume of \(a.shape) and \(b.shape), radius \(radius)")
  let out = Tensor(a.height, a.width, (2 * radius + 1) * (2 * radius + 1))
  let kernels = InstructionSet.current.kernels
  let (left, right, to) = (a.view, b.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.cost_volume(left, right, to, Int32(radius), slope ?? 1, $0, $1) }
  return out
}

/// Samples of a blurred image's brightness along its own motion: the path that the open shutter smeared it over.
///
/// `sample[k] = scale · (brightness(p + τₖ m) − brightness(p))` for `τₖ = ±k/(2·count)`, k = 1…count, the backward ones first and farthest
/// first,
/// where m = (`ahead` − `back`) / 2 is the motion from one frame to the next. Along these samples blur of any length and direction is one
/// and the same filter.
///
/// `image`: `[H, W, C]`, its brightness the mean of the channels; `back`, `ahead`: flow to the previous and to the next frame, `[H, W, 2]`;
/// result: `[H/factor, W/factor, 2·count·factor²]`, space to depth in the order of ``pixelUnshuffle(_:factor:offset:)``.
public func motionPath(
  _ image: Tensor, back: Tensor, ahead: Tensor, count: Int, factor: Int, scale: Float
) -> Tensor {
  precondition(image.height % factor == 0 && image.width % factor == 0, "\(image.shape) is no multiple of \(factor)")
  let path = MotionPath(image, back: back, ahead: ahead, count: count, factor: factor, scale: scale)
  let out = Tensor(image.height / factor, image.width / factor, path.channels)
  let to = out.view
  Parallel.rows(out.height) { path.compute($0, $1, into: to) }
  return out
}

/// ``motionPath(_:back:ahead:count:factor:scale:)``, some rows at a time.
struct MotionPath {
  private let brightness: Tensor  // [H, W + 1, 1]
  private let back, ahead: Tensor  // [H, W, 2]
  private let count, factor: Int
  private let scale: Float
  private let kernels = InstructionSet.current.kernels

  init(_ image: Tensor, back: Tensor, ahead: Tensor, count: Int, factor: Int, scale: Float) {
    precondition(
      [back, ahead].allSatisfy { $0.height == image.height && $0.width == image.width && $0.channels == 2 },
      "motion path of \(image.shape) by flows \(back.shape) and \(ahead.shape)")
    (self.back, self.ahead, self.count, self.factor, self.scale) = (back, ahead, count, factor, scale)
    brightness = Tensor(image.height, image.width + 1, 1)
    let (from, to, kernels) = (image.view, brightness.view, kernels)
    Parallel.rows(image.height) { kernels.pointee.brightness(from, to, $0, $1) }
  }

  /// Of the result.
  var channels: Int { 2 * count * factor * factor }

  /// Rows `first ..< end` of `out`, [H/factor, W/factor, channels].
  func compute(_ first: Int32, _ end: Int32, into out: vdk_view) {
    var plane = brightness.view
    plane.width -= 1
    kernels.pointee.motion_path(
      plane, back.view, ahead.view, out, Int32(count), Int32(factor), scale, first, end)
  }
}
