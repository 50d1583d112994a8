internal import CFFmpeg

/// A decoded picture whose time is settled.
struct TimedPicture: ~Copyable {
  let picture: Owned<AVFrame>
  /// In ticks of the main video.
  let pts: Int64
}
