internal import CFFmpeg

/// The name of the protection scheme of a stream, nil when it is in the clear.
func encryption(_ stream: UnsafeMutablePointer<AVStream>) -> String? {
  for i in 0..<cff_stream_side_data_count(stream) {
    let type = cff_stream_side_data_at(stream, i)!.pointee.type
    if type == AV_PKT_DATA_ENCRYPTION_INIT_INFO || type == AV_PKT_DATA_ENCRYPTION_INFO { return "Common Encryption" }
  }
  let tag = stream.pointee.codecpar.pointee.codec_tag
  return [fourCC("encv"), fourCC("drmi")].contains(tag) ? fourCC(tag) : nil
}

extension Packet {
  var isEncrypted: Bool {
    var size = 0
    return av_packet_get_side_data(pointer, AV_PKT_DATA_ENCRYPTION_INFO, &size) != nil
  }
}
