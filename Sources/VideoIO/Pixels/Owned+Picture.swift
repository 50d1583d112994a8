internal import CFFmpeg

extension Owned where Object == AVFrame {
  /// A frame with room for its picture, which is not filled.
  /// - Parameter path: the file that it is for, for the error.
  init(_ format: AVPixelFormat, width: Int32, height: Int32, path: String) throws(VideoError) {
    do throws(StatusCode) {
      try self.init(format, width: width, height: height)
    } catch {
      throw VideoError(
        .output, file: path, "no memory for a picture of \(width)×\(height)", remedy: "free some memory", code: error)
    }
  }
}
