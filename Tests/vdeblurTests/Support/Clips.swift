import TestSupport

/// The clips that several tests share.
extension Clip {
  /// 96×64, 8 frames at 25 per second with B-frames, a tone in AAC.
  static let small = Clip(
    "small", "small.mp4",
    "ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=0.32 -f lavfi -i sine=frequency=440:duration=0.32 "
      + "-c:v libx264 -bf 2 -pix_fmt yuv420p -c:a aac -shortest $OUT")

  /// The same picture, much compressed.
  static let coarse = Clip(
    "coarse", "coarse.mp4", "ff -i '\(small.path)' -an -c:v libx264 -crf 40 -pix_fmt yuv420p $OUT")

  /// 64×48, 12 frames at uneven times, Matroska with sound.
  static let uneven = Clip(
    "uneven", "uneven.mkv",
    "ff -f lavfi -i testsrc2=size=64x48:rate=30:duration=0.6 -f lavfi -i sine=frequency=300:duration=0.6 "
      + "-vf select='not(eq(mod(n\\,3)\\,1))' -fps_mode vfr -c:v libx264 -bf 2 -pix_fmt yuv420p -c:a flac $OUT")

  /// 96×64 in RGB without loss, 6 frames, no sound: what metrics are checked on. All of it moves by 5 pixels a frame, since
  /// what rests comes back unchanged.
  static let lossless = Clip(
    "lossless", "lossless.mkv",
    "ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=0.24 -vf scroll=horizontal=0.052 -c:v ffv1 -pix_fmt gbrp $OUT")

  /// The same motion as 4:2:0 in MP4, 3 frames: what display matrices are tried on.
  static let lossless420 = Clip(
    "lossless420", "lossless.mp4",
    "ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=0.12 -vf scroll=horizontal=0.052 "
      + "-c:v libx264 -qp 0 -pix_fmt yuv420p $OUT")

  /// Five frames without loss, each shown for a quarter of the period of the preview's moving line. Sides are odd, and
  /// chroma has half the columns: lines lie on whole chroma samples.
  static let slow = Clip(
    "slow", "slow.mkv",
    "ff -f lavfi -i testsrc2=size=96x64:rate=4/3:duration=3.75 -vf scroll=horizontal=0.052,crop=95:63:0:0:exact=1 "
      + "-c:v ffv1 -pix_fmt yuv420p $OUT")

  /// One frame, with no neighbour at all.
  static let oneFrame = Clip(
    "oneFrame", "one.mkv", "ff -i '\(lossless.path)' -frames:v 1 -c:v ffv1 $OUT")

  /// Eight frames in the first 0.32 s; the sound goes on for a second.
  static let soundOutlasts = Clip(
    "soundOutlasts", "outlasts.mp4",
    "ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.32 -f lavfi -i sine=duration=1 "
      + "-c:v libx264 -pix_fmt yuv420p -c:a aac $OUT")

  /// Eight frames from 5 s on; the sound begins at once.
  static let pictureLate = Clip(
    "pictureLate", "late.mkv",
    "ff -itsoffset 5 -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.32 -f lavfi -i sine=duration=6 "
      + "-c:v libx264 -pix_fmt yuv420p -c:a aac $OUT")

  /// `lossless` with noise added.
  static let noisy = Clip(
    "noisy", "noisy.mkv", "ff -i '\(lossless.path)' -vf noise=alls=20:allf=t:all_seed=7 -c:v ffv1 -pix_fmt gbrp $OUT")

  static let soundOnly = Clip(
    "soundOnly", "sound.m4a", "ff -f lavfi -i sine=frequency=440:duration=0.5 -c:a aac $OUT")

  /// Long enough to be interrupted: 320×180, 250 frames.
  static let long = Clip(
    "long", "long.mp4",
    "ff -f lavfi -i testsrc2=size=320x180:rate=25:duration=10 -c:v libx264 -preset ultrafast -pix_fmt yuv420p $OUT")
}

/// What a full run makes of clips without loss, written without loss: paths. Made once in a run of the tests.
enum Restored {
  static let lossless = restored(.lossless)
  static let slow = restored(.slow)
  static let lossless420 = restored(.lossless420)

  private static func restored(_ clip: Clip) -> String {
    let path = ScratchFolder.shared.path("\(clip.name)-restored.mkv")
    let made = try! Program.run(clip.path, "-o", path, "-c:v", "ffv1")
    precondition(made.status == 0, "the full run failed: \(made.errors)")
    return path
  }
}
