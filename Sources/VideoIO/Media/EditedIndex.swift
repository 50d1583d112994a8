internal import CFFmpeg

/// What edit lists do to a stream. FFmpeg resolves them into its index of an MP4: packets have their times in the film, and those that are
/// decoded but neither shown nor heard are marked (mov_fix_index; ISO/IEC 14496-12, 8.6.6).
struct EditedIndex: Sendable {
  /// Packets that are shown or heard.
  private(set) var shown = 0
  /// Packets that are only decoded.
  private(set) var hidden = 0
  /// The time of the first packet that a decoder needs for what is shown first, in ticks.
  private(set) var needed: Int64?
  /// The time of the last packet that is shown, in ticks.
  private(set) var last: Int64?
  /// Whether something was cut out between two parts that are shown.
  private(set) var hasJoints = false

  init(of stream: UnsafeMutablePointer<AVStream>) {
    var isBroken = false
    for i in 0..<avformat_index_get_entries_count(stream) {
      guard let entry = avformat_index_get_entry(stream, i) else { break }
      if cff_index_entry_is_hidden(entry) != 0 {
        hidden += 1
        isBroken = shown > 0
      } else {
        shown += 1
        last = max(last ?? .min, entry.pointee.timestamp)
        if shown == 1 { needed = EditedIndex.preroll(before: i, of: stream) }
        if isBroken { hasJoints = true }
      }
    }
  }

  /// Up to a tenth of a second in front primes the decoder and is needed: Opus, the slowest, asks for 80 ms (RFC 7845, 4.6). More was cut out
  /// by somebody. Samples without compression need nothing.
  private static func preroll(before index: Int32, of stream: UnsafeMutablePointer<AVStream>) -> Int64? {
    guard let first = avformat_index_get_entry(stream, 0)?.pointee.timestamp,
      let start = avformat_index_get_entry(stream, index)?.pointee.timestamp
    else { return nil }
    let codec = String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id))
    let most = codec.hasPrefix("pcm_") ? 0 : Rational(stream.pointee.time_base).ticks(fromSeconds: 0.1)
    return start &- first <= most ? first : start
  }
}
