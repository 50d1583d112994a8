internal import CFFmpeg

/// Tells whether two machines code alike.
public enum EncoderFingerprint {
  /// Codes a few small pictures that are the same everywhere with the encoder and the settings of an output.
  /// - Returns: SHA-256 of the packets and parameter sets, as 64 digits.
  public static func hash(path: String, source: SourceInfo, options: WriterOptions) throws(VideoError) -> String {
    var options = options
    options.pictureSize = SamplePictures.size
    let container = try Container(path: path, options: options)
    let plan = try OutputPlan(for: source, container: container, path: path, options: options)
    let encoder = try Encoder(plan, source: source, container: container, options: options, path: path)
    let pictures = SamplePictures(like: source)
    var hash = SHA256()
    hash.add(encoder.parameterSets)
    func add(_ packet: Packet) {
      let p = packet.pointer.pointee
      hash.add("\(p.pts) \(p.dts) \(p.flags) ")
      // What is not coded at all (y4m) is a description of a frame in memory.
      if encoder.isCoding { hash.add(UnsafeRawBufferPointer(start: p.data, count: Int(p.size)).bytes) }
    }
    for number in 0..<12 {
      try encoder.encode(pictures.frame(number)) { packet throws(VideoError) in add(packet) }
    }
    try encoder.finish { packet throws(VideoError) in add(packet) }
    return hash.finishHex()
  }
}
