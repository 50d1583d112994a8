internal import CFFmpeg

/// A file of coded packets with exact times and side data, which no container of FFmpeg's would keep for every codec: Matroska rounds to
/// milliseconds, NUT and AVI are written without B-frames here, MP4 holds no FFV1.
///
///     "vdeblur\u{1}"                                                          8 bytes
///     packets: 'P', payload size u32, pts, dts, duration i64, flags u32, number of side data u32,
///              each of them: type u32, size u32, bytes; then the payload
///     the record (``PartRecord``) as text
///     size of the record u64, SHA-256 of all before it, "vdeblur\u{2}"        48 bytes
///
/// Numbers are little-endian.
final class PartFileWriter {
  static let magic = Array("vdeblur\u{1}".utf8)
  static let endMagic = Array("vdeblur\u{2}".utf8)
  static let footerSize = 8 + 32 + 8

  let path: String
  private let output: OutputFile
  /// Of all bytes so far, and of the packets alone.
  private var hash = SHA256()
  private var coded = SHA256()
  private(set) var packetCount = 0

  /// Begins the file under an unfinished name.
  init(path: String) throws(VideoError) {
    self.path = path
    output = try OutputFile(OutputPlace(path: path, overwrite: true))
    try add(PartFileWriter.magic)
  }

  var byteCount: Int64 { output.byteCount }

  func write(_ packet: Packet) throws(VideoError) {
    let p = packet.pointer.pointee
    var head: [UInt8] = [UInt8(ascii: "P")]
    head.append(UInt32(p.size))
    for time in [p.pts, p.dts, p.duration] { head.append(UInt64(bitPattern: time)) }
    head.append(UInt32(bitPattern: p.flags))
    head.append(UInt32(p.side_data_elems))
    for i in 0..<Int(p.side_data_elems) {
      let item = p.side_data[i]
      head.append(item.type.rawValue)
      head.append(UInt32(item.size))
      head += UnsafeBufferPointer(start: item.data, count: item.size)
    }
    try add(head)
    let payload = UnsafeRawBufferPointer(start: p.data, count: Int(p.size))
    hash.add(payload.bytes)
    coded.add(head.span.bytes)
    coded.add(payload.bytes)
    avio_write(output.context, p.data, p.size)
    try check(output.context.pointee.error, .output, path, "cannot be written")
    packetCount += 1
  }

  /// Completes the file and lets it appear under its name, unless another machine has made the same part meanwhile: then that one stays.
  /// - Parameter record: makes the record from the hash of the packets.
  /// - Throws: also when the other holds other bits.
  func finish(_ record: (_ coded: String) -> PartRecord) throws(VideoError) -> PartRecord {
    let record = record(coded.finishHex())
    let text = Array(record.text.utf8)
    try add(text)
    var size: [UInt8] = []
    size.append(UInt64(text.count))
    try add(size)
    try output.write(hash.finish() + PartFileWriter.endMagic)
    if let other = try? PartFile(path: path, address: record.address), (try? other.verify()) != nil {
      output.abandon()
      guard other.record.agrees(with: record) else {
        throw VideoError(
          .output, file: path, "was made meanwhile by another machine, with other bits",
          remedy: "one of the machines is not to be trusted: make the part once more on each and compare")
      }
      return record
    }
    try output.commit()
    return record
  }

  func abandon() { output.abandon() }

  private func add(_ bytes: [UInt8]) throws(VideoError) {
    hash.add(bytes.span.bytes)
    try output.write(bytes)
  }
}

extension [UInt8] {
  fileprivate mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { self += $0 }
  }
}
