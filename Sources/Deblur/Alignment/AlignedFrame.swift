internal import CKernels

/// A frame of the window as seen from the middle one: warped as far as it is needed, so that it is never there as a whole.
struct AlignedFrame {
  let frame: Tensor  // [H, W, 3]
  /// From the middle frame to this one, [H, W, 2]; nil to take the frame as it is.
  let flow: Tensor?
  let kernels = InstructionSet.current.kernels

  /// Rows `first ..< end` of the aligned frame, numbered as in the frame. `scratch`: memory for as many rows.
  func rows(_ first: Int32, _ end: Int32, in scratch: UnsafeMutablePointer<Float>) -> vdk_view {
    let whole = frame.view
    guard let flow else { return whole }
    var aligned = whole
    aligned.base = scratch
    aligned = aligned.startingAt(row: first)
    kernels.pointee.warp(whole, flow.view, aligned, first, end)
    return aligned
  }
}
