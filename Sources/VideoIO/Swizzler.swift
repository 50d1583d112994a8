internal import CFFmpeg

/// Rearranges 8-bit samples of one colour model by libswscale's fast paths: packed or semi-planar to planar.
///
/// Only for three components of the same depth on both sides: there libswscale moves samples and computes nothing. (With
/// alpha, to greater depths and for odd sides it rounds or interpolates; ``Repacker`` does those sample by sample.)
final class Swizzler {
  private let context: OpaquePointer

  /// nil where libswscale has no path between the formats.
  init?(from: AVPixelFormat, to: AVPixelFormat, width: Int32, height: Int32, isFullRange: Bool) {
    let flags = SWS_POINT | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    guard let context = sws_getContext(width, height, from, width, height, to, flags, nil, nil, nil) else { return nil }
    let table = sws_getCoefficients(SWS_CS_ITU709)
    let range: Int32 = isFullRange ? 1 : 0
    // The same matrix and range on both sides: no conversion.
    sws_setColorspaceDetails(context, table, range, table, range, 0, 1 << 16, 1 << 16)
    self.context = context
  }

  deinit { sws_freeContext(context) }

  /// Fills `target`, of the source's size. False if libswscale failed.
  func swizzle(_ source: UnsafePointer<AVFrame>, into target: UnsafeMutablePointer<AVFrame>) -> Bool {
    var (from, into) = (source.pointee.data, target.pointee.data)
    let rows = withUnsafeMutableBytes(of: &from) { from in
      withUnsafeMutableBytes(of: &into) { into in
        withUnsafeBytes(of: source.pointee.linesize) { fromSizes in
          withUnsafeBytes(of: target.pointee.linesize) { intoSizes in
            sws_scale(
              context, UnsafeRawPointer(from.baseAddress!).assumingMemoryBound(to: UnsafePointer<UInt8>?.self),
              fromSizes.baseAddress!.assumingMemoryBound(to: Int32.self), 0, source.pointee.height,
              into.baseAddress!.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
              intoSizes.baseAddress!.assumingMemoryBound(to: Int32.self))
          }
        }
      }
    }
    return rows == source.pointee.height
  }
}
