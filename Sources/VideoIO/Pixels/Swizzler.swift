internal import CFFmpeg

/// Rearranges 8-bit samples of one colour model by libswscale's fast paths: packed or semi-planar to planar.
///
/// Only for three components of the same depth on both sides: there libswscale moves samples and computes nothing. (With
/// alpha, to greater depths and for odd sides it rounds or interpolates; ``Repacker`` does those sample by sample.)
final class Swizzler {
  private let context: OpaquePointer

  /// nil where libswscale has no path between the formats.
  init?(from: AVPixelFormat, to: AVPixelFormat, width: Int32, height: Int32, isFullRange: Bool) {
    guard let context = cff_swizzler_new(from, to, width, height, isFullRange ? 1 : 0) else { return nil }
    self.context = context
  }

  deinit { cff_swizzler_free(context) }

  /// Fills `target`, of the source's size. False if libswscale failed.
  func swizzle(_ source: UnsafePointer<AVFrame>, into target: UnsafeMutablePointer<AVFrame>) -> Bool {
    cff_swizzle(context, source, target) == source.pointee.height
  }
}
