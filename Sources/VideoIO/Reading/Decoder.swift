internal import CFFmpeg

/// Turns packets of one video stream into frames (AVCodecContext).
final class Decoder {
  private let owned: Owned<AVCodecContext>
  private let path: String

  /// - Parameter maximumPixels: pictures with more are refused before their memory is asked for.
  init(for stream: UnsafeMutablePointer<AVStream>, path: String, maximumPixels: Int) throws(VideoError) {
    self.path = path
    let par = stream.pointee.codecpar!
    let id = par.pointee.codec_id
    guard let codec = Decoder.codec(for: stream) else {
      let name = id == AV_CODEC_ID_NONE ? fourCC(par.pointee.codec_tag) : String(cString: avcodec_get_name(id))
      throw VideoError(
        .input, file: path, "the video is coded as \(name), which this FFmpeg cannot decode",
        remedy: "convert it with a program that can")
    }
    owned = Owned(avcodec_alloc_context3(codec))
    let context = owned.pointer
    let copied = avcodec_parameters_to_context(context, par)
    context.pointee.pkt_timebase = stream.pointee.time_base
    // One thread: the network needs the cores, and decoding is a small part of the work.
    context.pointee.thread_count = 1
    context.pointee.max_pixels = Int64(maximumPixels)
    let opened = copied < 0 ? copied : avcodec_open2(context, codec, nil)
    guard opened >= 0 else {
      throw VideoError(
        .input, file: path, "the \(String(cString: avcodec_get_name(id))) decoder cannot start",
        because: StatusCode(rawValue: opened),
        remedy: "the header is damaged: copy the file again")
    }
  }

  private var context: UnsafeMutablePointer<AVCodecContext> { owned.pointer }

  private static func codec(for stream: UnsafeMutablePointer<AVStream>) -> UnsafePointer<AVCodec>? {
    let id = stream.pointee.codecpar.pointee.codec_id
    // Only libvpx reads the alpha planes that WebM keeps beside the picture.
    if let mode = av_dict_get(stream.pointee.metadata, "alpha_mode", nil, 0), String(cString: mode.pointee.value) == "1"
    {
      if id == AV_CODEC_ID_VP9, let codec = avcodec_find_decoder_by_name("libvpx-vp9") { return codec }
      if id == AV_CODEC_ID_VP8, let codec = avcodec_find_decoder_by_name("libvpx") { return codec }
    }
    return avcodec_find_decoder(id)
  }

  enum Output: ~Copyable {
    case frame(Owned<AVFrame>)
    case needsInput
    case end
    case damaged(Int32)
  }

  /// nil flushes. Returns FFmpeg's code: EAGAIN when frames must be received first.
  func send(_ packet: Packet?) -> Int32 { avcodec_send_packet(context, packet?.pointer) }

  /// The next frame.
  func receive() -> Output {
    let frame = Owned<AVFrame>()
    let code = avcodec_receive_frame(context, frame.pointer)
    if code >= 0 { return .frame(frame) }
    if code == cff_try_again { return .needsInput }
    return code == cff_eof ? .end : .damaged(code)
  }

  /// Forgets everything, after a seek.
  func reset() { avcodec_flush_buffers(context) }
}
