internal import CFFmpeg
internal import Synchronization

/// A C object of FFmpeg's that belongs to one place, and goes when that place lets it go: with its scope, its owner, or an error.
struct Owned<Object: FFmpegObject>: ~Copyable {
  /// Valid as long as this value lives.
  let pointer: UnsafeMutablePointer<Object>

  /// Takes over what FFmpeg has allocated.
  init(_ pointer: UnsafeMutablePointer<Object>?) {
    self.pointer = allocated(pointer)
    liveObjects.add(1, ordering: .relaxed)
  }

  deinit {
    Object.free(pointer)
    liveObjects.subtract(1, ordering: .relaxed)
  }
}

/// How many objects of FFmpeg's are owned in this process, for the tests: an error must leave none behind.
let liveObjects = Atomic<Int>(0)

/// What FFmpeg allocates and knows how to free.
protocol FFmpegObject {
  static func free(_ pointer: UnsafeMutablePointer<Self>)
}

extension AVFrame: FFmpegObject {
  static func free(_ pointer: UnsafeMutablePointer<AVFrame>) {
    var frame: UnsafeMutablePointer<AVFrame>? = pointer
    av_frame_free(&frame)
  }
}

extension AVPacket: FFmpegObject {
  static func free(_ pointer: UnsafeMutablePointer<AVPacket>) {
    var packet: UnsafeMutablePointer<AVPacket>? = pointer
    av_packet_free(&packet)
  }
}

extension AVCodecContext: FFmpegObject {
  static func free(_ pointer: UnsafeMutablePointer<AVCodecContext>) {
    var context: UnsafeMutablePointer<AVCodecContext>? = pointer
    avcodec_free_context(&context)
  }
}

extension AVFormatContext: FFmpegObject {
  /// Bytes that came from elsewhere (`pb`) stay open.
  static func free(_ pointer: UnsafeMutablePointer<AVFormatContext>) {
    var context: UnsafeMutablePointer<AVFormatContext>? = pointer
    if pointer.pointee.iformat != nil { avformat_close_input(&context) } else { avformat_free_context(context) }
  }
}

extension AVIOContext: FFmpegObject {
  static func free(_ pointer: UnsafeMutablePointer<AVIOContext>) {
    // FFmpeg may have replaced the buffer that it was given.
    av_free(pointer.pointee.buffer)
    var context: UnsafeMutablePointer<AVIOContext>? = pointer
    avio_context_free(&context)
  }
}

extension Owned where Object == AVFrame {
  /// Without a picture.
  init() { self.init(av_frame_alloc()) }

  /// The same picture, shared, with properties of its own.
  init(sharing frame: UnsafePointer<AVFrame>) { self.init(av_frame_clone(frame)) }

  /// Room for a picture.
  /// - Throws: FFmpeg's code when there is no memory.
  init(_ format: AVPixelFormat, width: Int32, height: Int32) throws(StatusCode) {
    self.init()
    pointer.pointee.format = format.rawValue
    pointer.pointee.width = width
    pointer.pointee.height = height
    try StatusCode.check(av_frame_get_buffer(pointer, 0))
  }
}
