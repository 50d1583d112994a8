internal import CFFmpeg

/// Single pictures as files.
public enum StillImage {
  /// Writes 8-bit RGB as PNG, appearing only when complete; replaces an existing file if `overwrite`.
  /// - Parameter rgb: [height, width, 3], interleaved.
  public static func writePNG(
    _ rgb: UnsafePointer<UInt8>, width: Int, height: Int, to path: String, overwrite: Bool = true
  ) throws(VideoError) {
    let frame = try newFrame(AV_PIX_FMT_RGB24, width: Int32(width), height: Int32(height), path: path)
    defer {
      var p: UnsafeMutablePointer<AVFrame>? = frame
      av_frame_free(&p)
    }
    for row in 0..<height { planeRow(frame, 0, row).update(from: rgb + 3 * width * row, count: 3 * width) }
    guard let codec = avcodec_find_encoder(AV_CODEC_ID_PNG) else {
      throw VideoError(.output, file: path, "this FFmpeg has no PNG encoder")
    }
    let context = allocated(avcodec_alloc_context3(codec))
    defer {
      var p: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&p)
    }
    context.pointee.width = Int32(width)
    context.pointee.height = Int32(height)
    context.pointee.pix_fmt = AV_PIX_FMT_RGB24
    context.pointee.time_base = AVRational(num: 1, den: 25)
    context.pointee.thread_count = 1
    try check(avcodec_open2(context, codec, nil), .output, path, "the PNG encoder cannot start")
    let packet = Packet()
    try check(avcodec_send_frame(context, frame), .output, path, "the picture cannot be coded")
    try check(avcodec_receive_packet(context, packet.pointer), .output, path, "the picture cannot be coded")
    let output = try OutputFile(path: path, input: nil, overwrite: overwrite)
    avio_write(output.context, packet.pointer.pointee.data, packet.pointer.pointee.size)
    try output.commit()
  }
}
