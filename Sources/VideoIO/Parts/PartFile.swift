internal import CFFmpeg
internal import Glibc

/// A finished part file: recognised by its end and by its address, proven by its hash.
public final class PartFile {
  /// Where it lies.
  public let path: String
  /// What it says of itself.
  public let record: PartRecord
  /// Its size.
  public let bytes: Int64
  /// SHA-256 as the file states it.
  let digest: String
  private let file: UnsafeMutablePointer<FILE>
  private let recordStart: Int

  /// Opens a part and reads its record, not its packets.
  /// - Parameter address: that of the part which is looked for.
  /// - Throws: if there is none, or it is cut off, or another run's.
  public init(path: String, address: String) throws(VideoError) {
    self.path = path
    guard let file = fopen(path.fileName, "re") else {
      throw VideoError(.input, file: path, errno == ENOENT ? "is missing" : "\(StatusCode.ofSystem)", code: .ofSystem)
    }
    self.file = file
    func refuse(_ problem: String) -> VideoError {
      fclose(file)
      return VideoError(.input, file: path, problem, remedy: "remove it and make the part again")
    }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    let footer = PartFileWriter.footerSize
    guard size >= PartFileWriter.magic.count + footer, let end = read(file, at: size - footer, footer),
      Array(end.suffix(8)) == PartFileWriter.endMagic, let start = read(file, at: 0, 8), start == PartFileWriter.magic
    else { throw refuse("is cut off or is no part of a video") }
    let textSize = Int(clamping: number(end[0..<8]) as UInt64)
    recordStart = size - footer - textSize
    guard textSize <= size - footer - 8, let text = read(file, at: recordStart, textSize),
      let record = PartRecord(text: String(decoding: text, as: UTF8.self))
    else { throw refuse("is damaged") }
    guard record.address == address else { throw refuse("belongs to another run") }
    self.record = record
    bytes = Int64(size)
    digest = hexadecimal(Array(end[8..<40]))
  }

  deinit { fclose(file) }

  /// Reads all of it and compares the hash.
  /// - Throws: if a bit has changed since it was written.
  public func verify() throws(VideoError) { try readPackets { _ in } }

  /// Hands on every packet in decoding order, then compares the hash.
  func readPackets(_ body: (Packet) throws(VideoError) -> Void) throws(VideoError) {
    var hash = SHA256()
    func take(_ count: Int) throws(VideoError) -> [UInt8] {
      guard count >= 0, ftell(file) + count <= recordStart, let bytes = read(file, at: nil, count) else {
        throw damaged
      }
      hash.add(bytes.span.bytes)
      return bytes
    }
    fseek(file, 0, SEEK_SET)
    _ = try take(8)
    while ftell(file) < recordStart {
      let head = try take(37)
      guard head[0] == UInt8(ascii: "P") else { throw damaged }
      let packet = Packet()
      let size = Int(number(head[1..<5]) as UInt32)
      let times = (0..<3).map { Int64(bitPattern: number(head[(5 + 8 * $0)..<(13 + 8 * $0)]) as UInt64) }
      for _ in 0..<(number(head[33..<37]) as UInt32) {
        let item = try take(8)
        let content = try take(Int(number(item[4..<8]) as UInt32))
        let type = AVPacketSideDataType(rawValue: number(item[0..<4]) as UInt32)
        guard let data = av_packet_new_side_data(packet.pointer, type, content.count) else { throw damaged }
        data.update(from: content, count: content.count)
      }
      let payload = try take(size)
      guard av_grow_packet(packet.pointer, Int32(size)) >= 0 else { throw damaged }
      packet.pointer.pointee.data.update(from: payload, count: size)
      let p = packet.pointer
      (p.pointee.pts, p.pointee.dts, p.pointee.duration) = (times[0], times[1], times[2])
      p.pointee.flags = Int32(bitPattern: number(head[29..<33]) as UInt32)
      try body(packet)
    }
    guard let rest = read(file, at: recordStart, Int(bytes) - PartFileWriter.footerSize - recordStart + 8) else {
      throw damaged
    }
    hash.add(rest.span.bytes)
    guard hash.finishHex() == digest else { throw damaged }
  }

  private var damaged: VideoError {
    VideoError(
      .input, file: path, "is damaged: its bytes are not those that were written",
      remedy: "remove it and make the part again")
  }
}

/// `count` bytes, all of them or nil.
private func read(_ file: UnsafeMutablePointer<FILE>, at place: Int?, _ count: Int) -> [UInt8]? {
  if let place, fseek(file, place, SEEK_SET) != 0 { return nil }
  var got = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    got = count == 0 ? 0 : fread(buffer.baseAddress, 1, count, file)
    filled = got
  }
  return got == count ? bytes : nil
}

private func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
  bytes.reversed().reduce(0) { $0 << 8 | Number($1) }
}
