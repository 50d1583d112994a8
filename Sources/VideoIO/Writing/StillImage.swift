internal import CFFmpeg

/// Single pictures of 8-bit RGB: scaled, coded, written.
public enum StillImage {
  /// How a picture is coded.
  public enum Format: Sendable {
    /// Without loss.
    case png
    /// All chroma kept, at the highest quality that pays.
    case jpeg

    /// By the ending of a file's name; nil for one that means neither.
    public init?(path: String) {
      switch path.split(separator: ".").last?.lowercased() {
      case "png": self = .png
      case "jpg", "jpeg": self = .jpeg
      default: return nil
      }
    }
  }

  /// Codes a picture.
  /// - Parameters:
  ///   - rgb: [height, width, 3], interleaved; so many values, or the program ends.
  ///   - name: of the file, for errors.
  public static func encode(
    _ rgb: Span<UInt8>, width: Int, height: Int, as format: Format, name: String = "picture"
  ) throws(VideoError) -> [UInt8] {
    var picture = try frame(rgb, width: width, height: height, name)
    if format == .jpeg {
      picture = try converted(picture, AV_PIX_FMT_YUVJ444P, width: width, height: height, name)
    }
    let packet = try encoded(picture, format == .png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG, name)
    return Array(UnsafeBufferPointer(start: packet.pointer.pointee.data, count: Int(packet.pointer.pointee.size)))
  }

  /// A picture in another size (bicubic).
  /// - Parameter rgb: [height, width, 3], interleaved; so many values, or the program ends.
  /// - Returns: the same of the new size.
  public static func scale(_ rgb: Span<UInt8>, width: Int, height: Int, to size: PictureSize)
    throws(VideoError)
    -> [UInt8]
  {
    let source = try frame(rgb, width: width, height: height, "picture")
    let scaled = try converted(source, AV_PIX_FMT_RGB24, width: size.width, height: size.height, "picture")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * size.width * size.height)
    for row in 0..<size.height {
      bytes += UnsafeBufferPointer(start: planeRow(scaled.pointer, 0, row), count: 3 * size.width)
    }
    return bytes
  }

  /// Writes a picture, appearing only when complete; replaces an existing file if `overwrite`.
  /// - Parameter rgb: [height, width, 3], interleaved; so many values, or the program ends.
  public static func write(
    _ rgb: Span<UInt8>, width: Int, height: Int, as format: Format, to path: String, overwrite: Bool = true
  ) throws(VideoError) {
    let bytes = try encode(rgb, width: width, height: height, as: format, name: path)
    try OutputPlace(path: path, overwrite: overwrite).write(bytes)
  }

  private static func frame(_ rgb: Span<UInt8>, width: Int, height: Int, _ name: String) throws(VideoError)
    -> Owned<AVFrame>
  {
    let frame = try Owned(AV_PIX_FMT_RGB24, width: Int32(width), height: Int32(height), path: name)
    precondition(rgb.count == 3 * width * height, "\(rgb.count) values for \(width)×\(height) pixels in three colours")
    rgb.withUnsafeBufferPointer { buffer in
      for row in 0..<height {
        planeRow(frame.pointer, 0, row).update(from: buffer.baseAddress! + 3 * width * row, count: 3 * width)
      }
    }
    return frame
  }

  private static func converted(
    _ source: borrowing Owned<AVFrame>, _ format: AVPixelFormat, width: Int, height: Int, _ name: String
  ) throws(VideoError) -> Owned<AVFrame> {
    let target = try Owned(format, width: Int32(width), height: Int32(height), path: name)
    try check(
      cff_convert_picture(source.pointer, target.pointer), .output, name, "the picture cannot be converted")
    return target
  }

  private static func encoded(_ source: borrowing Owned<AVFrame>, _ id: AVCodecID, _ name: String)
    throws(VideoError) -> Packet
  {
    let kind = String(cString: avcodec_get_name(id))
    guard let codec = avcodec_find_encoder(id) else {
      throw VideoError(.output, file: name, "this FFmpeg has no \(kind) encoder")
    }
    let owned = Owned(avcodec_alloc_context3(codec))
    let (context, picture) = (owned.pointer, source.pointer)
    context.pointee.width = picture.pointee.width
    context.pointee.height = picture.pointee.height
    context.pointee.pix_fmt = AVPixelFormat(rawValue: picture.pointee.format)
    context.pointee.time_base = AVRational(num: 1, den: 25)
    context.pointee.thread_count = 1
    // For JPEG; PNG knows no quality.
    let quality: Int32 = 2
    context.pointee.flags |= AV_CODEC_FLAG_QSCALE
    context.pointee.global_quality = quality * FF_QP2LAMBDA
    picture.pointee.quality = quality * FF_QP2LAMBDA
    try check(avcodec_open2(context, codec, nil), .output, name, "the \(kind) encoder cannot start")
    let packet = Packet()
    try check(avcodec_send_frame(context, picture), .output, name, "the picture cannot be coded")
    try check(avcodec_receive_packet(context, packet.pointer), .output, name, "the picture cannot be coded")
    return packet
  }
}
