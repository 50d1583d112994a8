internal import CFFmpeg

/// Moves samples between pixel formats of the same colour model (libswscale): unpacking, byte order, depth. Colours are not touched.
final class Repacker {
  private let context: OpaquePointer
  private let to: AVPixelFormat
  private let path: String

  /// - Throws: when libswscale cannot do it.
  init(from: AVPixelFormat, to: AVPixelFormat, width: Int32, height: Int32, isFullRange: Bool, path: String) throws(VideoError) {
    self.to = to
    self.path = path
    let flags = SWS_POINT | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    guard let context = sws_getContext(width, height, from, width, height, to, flags, nil, nil, nil) else {
      let names = [from, to].map { av_get_pix_fmt_name($0).map { String(cString: $0) } ?? "unknown" }
      throw VideoError(.unsupported, file: path, "pixel format \(names[0]) cannot be brought to \(names[1])")
    }
    let table = sws_getCoefficients(SWS_CS_ITU709)
    let range: Int32 = isFullRange ? 1 : 0
    sws_setColorspaceDetails(context, table, range, table, range, 0, 1 << 16, 1 << 16)
    self.context = context
  }

  deinit { sws_freeContext(context) }

  /// A new frame in the target format with the source's properties.
  func repack(_ source: UnsafePointer<AVFrame>) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
    let target = try newFrame(to, width: source.pointee.width, height: source.pointee.height, path: path)
    av_frame_copy_props(target, source)
    var from = source.pointee.data, into = target.pointee.data
    var fromSizes = source.pointee.linesize, intoSizes = target.pointee.linesize
    let rows = withUnsafeMutableBytes(of: &from) { f in
      withUnsafeMutableBytes(of: &into) { i in
        withUnsafeMutableBytes(of: &fromSizes) { fs in
          withUnsafeMutableBytes(of: &intoSizes) { ts in
            sws_scale(
              context, UnsafeRawPointer(f.baseAddress!).assumingMemoryBound(to: UnsafePointer<UInt8>?.self),
              fs.baseAddress!.assumingMemoryBound(to: Int32.self), 0, source.pointee.height,
              i.baseAddress!.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
              ts.baseAddress!.assumingMemoryBound(to: Int32.self))
          }
        }
      }
    }
    if rows != source.pointee.height {
      var p: UnsafeMutablePointer<AVFrame>? = target
      av_frame_free(&p)
      throw VideoError(.input, file: path, "a picture could not be unpacked")
    }
    return target
  }
}

/// An empty frame with room for its picture.
func newFrame(_ format: AVPixelFormat, width: Int32, height: Int32, path: String) throws(VideoError) -> UnsafeMutablePointer<AVFrame> {
  let frame = allocated(av_frame_alloc())
  frame.pointee.format = format.rawValue
  frame.pointee.width = width
  frame.pointee.height = height
  let code = av_frame_get_buffer(frame, 0)
  if code < 0 {
    var p: UnsafeMutablePointer<AVFrame>? = frame
    av_frame_free(&p)
    throw VideoError(.output, file: path, "no memory for a picture of \(width)×\(height)", remedy: "free some memory")
  }
  return frame
}
