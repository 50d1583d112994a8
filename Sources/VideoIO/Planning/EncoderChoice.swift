internal import CFFmpeg

/// The encoder and pixel format that keep the source's depth, subsampling and alpha in a container.
struct EncoderChoice {
  let codec: UnsafePointer<AVCodec>
  let format: AVPixelFormat
  let reason: String
  let losses: [String]

  init(layout: PixelLayout, source: SourceInfo, container: Container, path: String, options: WriterOptions)
    throws(VideoError)
  {
    let candidates = try EncoderChoice.candidates(layout, source, container, path, options)
    let formats = EncoderChoice.formats(keeping: layout)
    let size = options.pictureSize ?? PictureSize(width: source.video.width, height: source.video.height)
    let kept = String(cString: av_get_pix_fmt_name(layout.format))
    // Whether only the size stands in the way.
    var isTaken = false
    for group in formats {
      for codec in candidates {
        for format in group where EncoderChoice.takes(codec, format) {
          isTaken = true
          guard EncoderChoice.opens(codec, format, size) else { continue }
          self.codec = codec
          self.format = format
          reason = "\(String(cString: codec.pointee.name)) keeps \(layout.depth)-bit \(kept) in \(container.name)"
          losses = []
          return
        }
      }
    }
    if layout.hasAlpha, options.dropsAlpha, let opaque = EncoderChoice.opaque(layout) {
      let choice = try EncoderChoice(layout: opaque, source: source, container: container, path: path, options: options)
      codec = choice.codec
      format = choice.format
      reason = choice.reason
      losses = choice.losses + ["the alpha plane is left out"]
      return
    }
    let nobody = options.codec.map { "the encoder \($0) does not" } ?? "no encoder for \(container.name)"
    let verb = (isTaken ? "take" : "keep") + (options.codec == nil ? "s" : "")
    let home =
      options.codec == nil ? "write .mkv, which takes FFV1" : "choose another encoder: -c:v ffv1 in .mkv takes them"
    throw VideoError(
      .unsupported, file: path,
      "\(nobody) \(verb) the source's \(layout.depth)-bit \(kept)\(layout.hasAlpha ? " with its alpha plane" : "")"
        + (isTaken ? " in pictures of \(size)" : ""),
      remedy: home + (layout.hasAlpha ? ", or give up the alpha plane (--drop-alpha)" : ""))
  }

  /// Encoders in the order in which they are tried.
  private static func candidates(
    _ layout: PixelLayout, _ source: SourceInfo, _ container: Container, _ path: String, _ options: WriterOptions
  ) throws(VideoError) -> [UnsafePointer<AVCodec>] {
    if let name = options.codec {
      let alias = [
        "h264": "libx264", "h265": "libx265", "hevc": "libx265", "vp9": "libvpx-vp9", "av1": "libsvtav1",
        "x264": "libx264", "x265": "libx265", "prores": "prores_ks",
      ]
      guard let codec = avcodec_find_encoder_by_name(alias[name] ?? name), codec.pointee.type == AVMEDIA_TYPE_VIDEO
      else {
        throw VideoError(
          .unsupported, file: path, "there is no video encoder named \"\(name)\"",
          remedy: "use libx264, libx265, libvpx-vp9 or ffv1")
      }
      guard container.takes(codec.pointee.id, kind: AVMEDIA_TYPE_VIDEO) else {
        throw VideoError(
          .unsupported, file: path, "\(container.name) cannot hold \(name) video",
          remedy: "write .mkv, or choose another codec")
      }
      if layout.model == .rgb, layout.depth == 8, codec.pointee.id == AV_CODEC_ID_H264,
        let rgb = avcodec_find_encoder_by_name("libx264rgb")
      {
        return [rgb, codec]
      }
      return [codec]
    }
    if container.isY4M {
      let name = String(cString: av_get_pix_fmt_name(layout.format))
      guard
        layout.model == .grey
          || (layout.model == .yCbCr && !layout.hasAlpha && !name.contains("440") && !name.contains("410"))
      else {
        throw VideoError(
          .unsupported, file: path, "y4m cannot hold the source's \(name)", remedy: "write .mkv, which takes FFV1")
      }
      return [avcodec_find_encoder(AV_CODEC_ID_WRAPPED_AVFRAME)].compactMap { $0 }
    }
    // High-depth and HDR video plays as HEVC nearly everywhere, as H.264 nearly nowhere.
    let deep = layout.depth > 8 || source.video.colour.isHighDynamicRange
    var names = deep ? ["libx265", "libx264"] : ["libx264", "libx265"]
    if container.isAVI { names = ["libx264"] }
    if layout.model == .rgb { names = ["libx264rgb"] + names }
    names += ["libvpx-vp9"]
    if container.name == "mov", layout.hasAlpha {
      names += layout.depth == 8 && layout.model == .rgb ? ["png"] : ["prores_ks"]
    }
    names += ["ffv1", "png"]
    // The alpha plane of VP9 lies beside the picture, in a place that only Matroska and WebM have and that not every player looks at.
    let comesFromVPX = ["vp8", "vp9"].contains(source.video.codec)
    if container.isAVI || (layout.hasAlpha && container.name != "webm" && !(container.isMatroska && comesFromVPX)) {
      names.removeAll { $0 == "libvpx-vp9" }
    }
    // Neither these bitstreams nor these containers say which range and matrix a picture has.
    let coding = ColourCoding(source.firstFrame.pointer)
    if layout.model == .yCbCr, coding.isFullRange || !coding.isGuess, container.isAVI || container.name == "nut" {
      names.removeAll { $0 == "ffv1" }
    }
    if coding.isFullRange { names.removeAll { $0 == "prores_ks" } }
    if source.video.isTurned || container.isMatroska { names.removeAll { $0 == "png" } }
    return names.compactMap { avcodec_find_encoder_by_name($0) }.filter {
      container.takes($0.pointee.id, kind: AVMEDIA_TYPE_VIDEO)
    }
  }

  /// The layout itself and the same samples in another arrangement, then wider depths, one after the other.
  private static func formats(keeping layout: PixelLayout) -> [[AVPixelFormat]] {
    var family = Substring(String(cString: av_get_pix_fmt_name(layout.format)))
    if family.hasSuffix("le") { family.removeLast(2) }
    while family.last?.isNumber == true { family.removeLast() }
    var result = [[layout.format]]
    if layout.model == .rgb, layout.depth == 8 {
      result[0] += layout.hasAlpha ? [AV_PIX_FMT_BGRA, AV_PIX_FMT_RGBA] : [AV_PIX_FMT_RGB24, AV_PIX_FMT_BGR0]
    }
    for depth in [9, 10, 12, 14, 16] where depth > layout.depth {
      let wider = av_get_pix_fmt("\(family)\(depth)le")
      if wider != AV_PIX_FMT_NONE { result.append([wider]) }
    }
    if layout.model == .rgb, layout.depth > 8 {
      result.append(layout.hasAlpha ? [AV_PIX_FMT_RGBA64LE] : [AV_PIX_FMT_RGB48LE])
    }
    return result
  }

  private static func opaque(_ layout: PixelLayout) -> PixelLayout? {
    let name = String(cString: av_get_pix_fmt_name(layout.format))
    let plain = name.replacing("yuva", with: "yuv").replacing("gbrap", with: "gbrp")
    return PixelLayout(av_get_pix_fmt(plain))
  }

  private static func takes(_ codec: UnsafePointer<AVCodec>, _ format: AVPixelFormat) -> Bool {
    guard var list = cff_encoder_pixel_formats(codec) else { return true }
    while list.pointee != AV_PIX_FMT_NONE {
      if list.pointee == format { return true }
      list += 1
    }
    return false
  }

  /// Whether an encoder starts. Some refuse what their lists promise: x264 and x265 odd sides of subsampled pictures, libvpx most formats
  /// of more than 8 bits.
  private static func opens(_ codec: UnsafePointer<AVCodec>, _ format: AVPixelFormat, _ size: PictureSize) -> Bool {
    guard let descriptor = av_pix_fmt_desc_get(format)?.pointee else { return false }
    let name = String(cString: codec.pointee.name)
    let isSmall = min(size.width, size.height) < 64
    // x265 3.5 writes behind a table of its lookahead where that is less than four blocks wide or high (Lookahead::cuTree), refuses
    // what is smaller than 32 pixels, and nobody misses it below 64.
    if isSmall, name == "libx265" { return false }
    let isOdd =
      size.width % (1 << Int(descriptor.log2_chroma_w)) != 0 || size.height % (1 << Int(descriptor.log2_chroma_h)) != 0
    guard isSmall || isOdd || (descriptor.comp.0.depth > 8 && name.hasPrefix("libvpx")) else { return true }
    let owned = Owned(avcodec_alloc_context3(codec))
    let trial = owned.pointer
    trial.pointee.width = Int32(size.width)
    trial.pointee.height = Int32(size.height)
    trial.pointee.pix_fmt = format
    trial.pointee.time_base = AVRational(num: 1, den: 25)
    trial.pointee.thread_count = 1
    var options = OptionDictionary()
    options.set("x265-params", "log-level=none:pools=none:frame-threads=1")
    return avcodec_open2(trial, codec, &options.pointer) >= 0
  }
}
