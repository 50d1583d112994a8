internal import CFFmpeg

/// An empty frame with room for its picture.
func newFrame(_ format: AVPixelFormat, width: Int32, height: Int32, path: String) throws(VideoError)
  -> UnsafeMutablePointer<AVFrame>
{
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
