internal import CFFmpeg

/// Gives the packets of one encoder after another decoding times that rise without a gap.
///
/// Every encoder begins with a delay of its own, as if nothing came before it. Here packet i of the whole clip is decoded when frame i − d is
/// shown, d being the frames by which coding reorders (AVCodecContext.has_b_frames); the first d lie before the beginning by as much as frame d
/// lies behind it. x264 and x265 count in the same way, so that a clip of one part keeps the times that its encoder gave.
struct DecodingTimes {
  private let delay: Int
  /// Display times that are still needed, the first of them of frame `dropped`.
  private var shown: [Int64] = []
  private var dropped = 0
  private var packets = 0
  private var held: [Packet] = []
  private var isComplete = false

  init(delay: Int) { self.delay = delay }

  /// Whether every packet has been handed on.
  var isEmpty: Bool { held.isEmpty }

  /// Takes note of the next frame in display order, before any packet of it.
  mutating func show(_ time: Int64) { shown.append(time) }

  /// No frame follows.
  mutating func end() { isComplete = true }

  /// Takes the next packet in decoding order.
  mutating func take(_ packet: Packet) { held.append(packet) }

  /// The next packet whose time is settled.
  mutating func next() -> Packet? {
    guard !held.isEmpty, isComplete || packets >= delay || dropped + shown.count > delay else { return nil }
    guard packets < delay || !shown.isEmpty else { return nil }
    let packet = held.removeFirst()
    if packets < delay {
      // Nothing has been dropped yet. A clip shorter than the delay has no frame that tells how long it is.
      let lead = shown.count > delay ? shown[delay] &- shown[0] : 0
      packet.pointer.pointee.dts = (packets < shown.count ? shown[packets] : packet.pointer.pointee.pts) &- lead
    } else {
      packet.pointer.pointee.dts = shown.removeFirst()
      dropped += 1
    }
    packets += 1
    return packet
  }
}

extension DecodingTimes {
  /// For an encoder that has been opened.
  /// - Parameter trial: opens another one for ``SamplePictures``.
  init(of encoder: Encoder, source: SourceInfo, trial: () throws(VideoError) -> Encoder) throws(VideoError) {
    let stated = Int(encoder.context.pointee.has_b_frames)
    let codec = encoder.context.pointee.codec_id
    let reorders = (avcodec_descriptor_get(codec)?.pointee.props ?? 0) & AV_CODEC_PROP_REORDER != 0
    guard stated == 0, reorders, codec != AV_CODEC_ID_H264 else {
      self.init(delay: stated)
      return
    }
    // FFmpeg does not tell of x265. Its first packet says by how many frames decoding runs ahead.
    let (encoder, pictures) = (try trial(), SamplePictures(like: source))
    var first: Int64?
    let note = { (packet: Packet) in first = first ?? packet.pointer.pointee.dts }
    for number in 0..<20 where first == nil {
      try encoder.encode(pictures.frame(number)) { packet throws(VideoError) in note(packet) }
    }
    try encoder.finish { packet throws(VideoError) in note(packet) }
    self.init(delay: first.map { max(0, Int(-$0 / pictures.step)) } ?? 0)
  }
}
