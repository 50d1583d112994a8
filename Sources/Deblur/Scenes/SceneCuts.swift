/// Tells where a clip's scenes begin, without deblurring it: by the same measure that keeps ``FrameWindow`` from mixing
/// scenes.
///
///     var cuts = SceneCuts()
///     for (frame, time) in clip where cuts.isCut(before: frame) { print(time) }
public struct SceneCuts {
  private var last: SceneCut.Thumbnail?

  /// Ready for the first frame of a clip.
  public init() {}

  /// Whether a cut lies between this frame and the one given before it; false for the first.
  /// - Parameter frame: [H, W, 3] RGB in 0…1; all of one size.
  public mutating func isCut(before frame: Tensor) -> Bool {
    let thumbnail = SceneCut.Thumbnail(frame)
    defer { last = thumbnail }
    return last.map { SceneCut.separates($0, thumbnail) } ?? false
  }
}
