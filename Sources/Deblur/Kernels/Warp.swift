internal import CKernels

/// Backward bilinear warp: `out(x, y) = image(x + u, y + v)`, positions clamped to the border.
///
/// `image`: `[H, W, C]`; `flow`: `[H, W, 2]`, u to the right and v downwards in pixels.
/// Source: PWC-Net (Sun et al., CVPR 2018), section 3, "Warping layer".
func warp(_ image: Tensor, by flow: Tensor) -> Tensor {
  precondition(
    flow.height == image.height && flow.width == image.width && flow.channels == 2,
    "warp of \(image.shape) by a flow \(flow.shape)")
  let out = Tensor(shape: image.shape)
  let kernels = InstructionSet.current.kernels
  let (from, motion, to) = (image.view, flow.view, out.view)
  Parallel.rows(out.height) { kernels.pointee.warp(from, motion, to, $0, $1) }
  return out
}
