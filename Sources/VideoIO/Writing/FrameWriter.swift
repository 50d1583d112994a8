/// What takes the pictures of a run.
public protocol FrameWriter: AnyObject {
  /// Bytes written so far.
  var byteCount: Int64 { get }
  /// Codes a frame. Frames come in display order; those that are only neighbours are ignored.
  func write(_ frame: Frame) throws(VideoError)
  /// Copies a packet of another stream.
  func write(_ packet: Packet) throws(VideoError)
  /// Completes the output and lets it appear.
  func finish() throws(VideoError) -> VideoWriter.Summary
  /// Gives up what is unfinished, and removes it.
  func abandon()
}

extension VideoWriter: FrameWriter {}
