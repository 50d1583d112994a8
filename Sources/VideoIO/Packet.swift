internal import CFFmpeg

/// A piece of a coded stream with its times and side data (AVPacket).
public final class Packet: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<AVPacket>

  init() { pointer = allocated(av_packet_alloc()) }

  deinit {
    var p: UnsafeMutablePointer<AVPacket>? = pointer
    av_packet_free(&p)
  }

  /// The index of its stream in the input.
  public var streamIndex: Int { Int(pointer.pointee.stream_index) }
  public var byteCount: Int { Int(pointer.pointee.size) }

  /// The decoding time, or the presentation time where there is none.
  var sortingTime: Int64 { pointer.pointee.dts != unknownTime ? pointer.pointee.dts : pointer.pointee.pts }
}
