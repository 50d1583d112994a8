internal import CFFmpeg

extension Frame {
  /// Closed captions that are shown from this picture on, as triples of bytes (CEA-708); nil where it carries none.
  var captions: [UInt8]? {
    guard let item = av_frame_get_side_data(pointer, AV_FRAME_DATA_A53_CC), item.pointee.size > 0 else { return nil }
    return Array(UnsafeBufferPointer(start: item.pointee.data, count: Int(item.pointee.size)))
  }
}
