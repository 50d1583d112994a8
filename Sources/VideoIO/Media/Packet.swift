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
  /// The size of its payload.
  public var byteCount: Int { Int(pointer.pointee.size) }

  /// Decoded samples that are not to be heard, at the beginning of the packet (AV_PKT_DATA_SKIP_SAMPLES).
  var skippedSamples: Int {
    var size = 0
    guard let data = av_packet_get_side_data(pointer, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= 4 else { return 0 }
    return Int(UInt32(littleEndian: UnsafeRawPointer(data).loadUnaligned(as: UInt32.self)))
  }

  /// The decoding time, or the presentation time where there is none.
  var sortingTime: Int64 { pointer.pointee.dts != unknownTime ? pointer.pointee.dts : pointer.pointee.pts }
}
