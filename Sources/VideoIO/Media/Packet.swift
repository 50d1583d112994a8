internal import CFFmpeg

/// A piece of a coded stream with its times and side data (AVPacket).
public final class Packet: @unchecked Sendable {
  private let owned: Owned<AVPacket>
  /// Valid as long as this packet lives.
  var pointer: UnsafeMutablePointer<AVPacket> { owned.pointer }

  init() { owned = Owned(av_packet_alloc()) }

  /// The same bytes, with times of its own.
  init(copyOf other: Packet) { owned = Owned(av_packet_clone(other.pointer)) }

  /// The index of its stream in the input.
  public var streamIndex: Int { Int(pointer.pointee.stream_index) }
  /// The size of its payload.
  public var byteCount: Int { Int(pointer.pointee.size) }

  /// Decoded samples that are not to be heard, at the beginning of the packet (AV_PKT_DATA_SKIP_SAMPLES).
  var skippedSamples: Int {
    get { skip(at: 0) }
    set { setSkip(newValue, at: 0) }
  }

  /// The same at its end.
  var trailingPadding: Int {
    get { skip(at: 4) }
    set { setSkip(newValue, at: 4) }
  }

  private func skip(at offset: Int) -> Int {
    var size = 0
    guard let data = av_packet_get_side_data(pointer, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= offset + 4 else {
      return 0
    }
    return Int(UInt32(littleEndian: UnsafeRawPointer(data).loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  private func setSkip(_ count: Int, at offset: Int) {
    var size = 0
    var data = av_packet_get_side_data(pointer, AV_PKT_DATA_SKIP_SAMPLES, &size)
    if data == nil || size < 10 {
      data = av_packet_new_side_data(pointer, AV_PKT_DATA_SKIP_SAMPLES, 10)
      data?.update(repeating: 0, count: 10)
    }
    let value = UInt32(clamping: count).littleEndian
    if let data { UnsafeMutableRawPointer(data).storeBytes(of: value, toByteOffset: offset, as: UInt32.self) }
  }

  /// The decoding time, or the presentation time where there is none.
  var sortingTime: Int64 { pointer.pointee.dts != unknownTime ? pointer.pointee.dts : pointer.pointee.pts }
}
