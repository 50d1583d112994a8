internal import CFFmpeg

/// A decoded picture whose time is settled.
struct TimedPicture {
  let pointer: UnsafeMutablePointer<AVFrame>
  let pts: Int64

  func free() {
    var owned: UnsafeMutablePointer<AVFrame>? = pointer
    av_frame_free(&owned)
  }
}
