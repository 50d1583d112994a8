/// Bytes for a demuxer.
protocol ByteReader: AnyObject {
  /// Bytes read, 0 at the end, -errno on failure.
  func read(into buffer: UnsafeMutableRawPointer, _ count: Int) -> Int
  /// nil when unknown: such a reader cannot seek.
  var size: Int64? { get }
  func seek(to offset: Int64) -> Bool
}
