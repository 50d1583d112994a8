internal import CFFmpeg

extension Decoder {
  /// Whether a decoder takes what a header says of a stream: packets alone are no sound where it leaves out their size.
  static func starts(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    guard let codec = avcodec_find_decoder(stream.pointee.codecpar.pointee.codec_id) else { return false }
    let context = Owned(avcodec_alloc_context3(codec))
    return avcodec_parameters_to_context(context.pointer, stream.pointee.codecpar) >= 0
      && avcodec_open2(context.pointer, codec, nil) >= 0
  }
}
