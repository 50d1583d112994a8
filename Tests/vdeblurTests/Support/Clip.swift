import Foundation

/// Small clips made by ffmpeg, each once for all tests.
struct Clip {
  let path: String

  /// 96×64, 8 frames at 25 per second with B-frames, a tone in AAC.
  static let small = make(
    "small.mp4",
    "-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.32 -f lavfi -i sine=frequency=440:duration=0.32 "
      + "-c:v libx264 -bf 2 -pix_fmt yuv420p -c:a aac -shortest")

  /// The same picture, much compressed.
  static let coarse = make("coarse.mp4", "-i \(small.path) -an -c:v libx264 -crf 40 -pix_fmt yuv420p")

  /// 64×48, 12 frames at uneven times, Matroska with sound.
  static let uneven = make(
    "uneven.mkv",
    "-f lavfi -i testsrc2=size=64x48:rate=30:duration=0.6 -f lavfi -i sine=frequency=300:duration=0.6 "
      + "-vf select='not(eq(mod(n\\,3)\\,1))' -fps_mode vfr -c:v libx264 -bf 2 -pix_fmt yuv420p -c:a flac")

  /// 96×64 in RGB without loss, 6 frames, no sound: what metrics are checked on. All of it moves by 5 pixels a frame, since
  /// what rests comes back unchanged.
  static let lossless = make(
    "lossless.mkv",
    "-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.24 -vf scroll=horizontal=0.052 -c:v ffv1 -pix_fmt gbrp")

  /// The same motion as 4:2:0 in MP4, 3 frames: what display matrices are tried on.
  static let lossless420 = make(
    "lossless.mp4",
    "-f lavfi -i testsrc2=size=96x64:rate=25:duration=0.12 -vf scroll=horizontal=0.052 "
      + "-c:v libx264 -qp 0 -pix_fmt yuv420p")

  /// Five frames without loss, each shown for a quarter of the period of the preview's moving line. Sides are odd, and
  /// chroma has half the columns: lines lie on whole chroma samples.
  static let slow = make(
    "slow.mkv",
    "-f lavfi -i testsrc2=size=96x64:rate=4/3:duration=3.75 -vf scroll=horizontal=0.052,crop=95:63:0:0:exact=1 "
      + "-c:v ffv1 -pix_fmt yuv420p")

  /// One frame, with no neighbour at all.
  static let oneFrame = make("one.mkv", "-i \(lossless.path) -frames:v 1 -c:v ffv1")

  /// Eight frames in the first 0.32 s; the sound goes on for a second.
  static let soundOutlasts = make(
    "outlasts.mp4",
    "-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.32 -f lavfi -i sine=duration=1 "
      + "-c:v libx264 -pix_fmt yuv420p -c:a aac")

  /// Eight frames from 5 s on; the sound begins at once.
  static let pictureLate = make(
    "late.mkv",
    "-itsoffset 5 -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.32 -f lavfi -i sine=duration=6 "
      + "-c:v libx264 -pix_fmt yuv420p -c:a aac")

  /// What the full run makes of `lossless`, `slow` and `lossless420`, without loss.
  static let losslessRestored = restored(lossless, "lossless-restored.mkv")
  static let slowRestored = restored(slow, "slow-restored.mkv")
  static let lossless420Restored = restored(lossless420, "lossless420-restored.mkv")

  /// `lossless` with noise added.
  static let noisy = make(
    "noisy.mkv", "-i \(lossless.path) -vf noise=alls=20:allf=t:all_seed=7 -c:v ffv1 -pix_fmt gbrp")

  static let soundOnly = make("sound.m4a", "-f lavfi -i sine=frequency=440:duration=0.5 -c:a aac")

  /// Long enough to be interrupted: 320×180, 250 frames.
  static let long = make(
    "long.mp4", "-f lavfi -i testsrc2=size=320x180:rate=25:duration=10 -c:v libx264 -preset ultrafast -pix_fmt yuv420p")

  private static let folder: URL = try! Folder.make()

  private static func restored(_ clip: Clip, _ name: String) -> Clip {
    let path = folder.appendingPathComponent(name).path
    let made = try! Program.run(clip.path, "-o", path, "-c:v", "ffv1")
    precondition(made.status == 0, "the full run failed: \(made.errors)")
    return Clip(path: path)
  }

  static func make(_ name: String, _ arguments: String) -> Clip {
    let path = folder.appendingPathComponent(name).path
    let made = try! Program.run("/bin/bash", ["-c", "ffmpeg -nostdin -v error -y \(arguments) '\(path)'"])
    precondition(made.status == 0, "ffmpeg could not make \(name): \(made.errors)")
    return Clip(path: path)
  }
}
