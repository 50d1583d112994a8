internal import Glibc

/// A byte stream that can be read once, with a look at its beginning.
final class PipeInput: ByteReader {
  private let descriptor: Int32
  private let owned: Bool
  private let path: String
  private var peeked: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  private var search: RepeatedBeginning?

  /// The packets of a NUT stream, followed as they pass; nil for other kinds.
  private(set) var nutPackets: NUTPackets?

  /// Where a second file begins in what was read, in bytes.
  var joint: Int64? { search?.place }

  init(descriptor: Int32, owned: Bool, path: String) {
    self.descriptor = descriptor
    self.owned = owned
    self.path = path
  }

  deinit { if owned { close(descriptor) } }

  /// Reads ahead until `count` bytes are known or the stream ends. Returns how many are.
  func peek(_ count: Int) throws(VideoError) -> Int {
    while peeked.count < count, !isAtEnd {
      var block = [UInt8](repeating: 0, count: max(65536, count - peeked.count))
      let got = readDescriptor(&block, block.count)
      if got < 0 { throw VideoError(.input, file: path, "cannot be read", because: StatusCode(errno: -Int32(got))) }
      if got == 0 { isAtEnd = true } else { peeked += block[..<got] }
    }
    return min(count, peeked.count)
  }

  func beginning(_ count: Int) -> [UInt8] { Array(peeked.prefix(count)) }

  /// True for ISO base media (MP4, MOV) whose sample index (`moov`) follows the samples (`mdat`): nothing can be decoded before the end.
  func needsSeeking() throws(VideoError) -> Bool {
    let lookAhead = 16 << 20
    var offset = 0
    while offset < lookAhead, try peek(offset + ISOBox.headerLength) == offset + ISOBox.headerLength {
      let box = ISOBox(header: peeked[offset..<(offset + ISOBox.headerLength)])
      switch box.type {
      case "moov": return false
      case "mdat": return true
      case "ftyp", "styp", "sidx", "free", "skip", "wide", "uuid", "pnot", "PICT", "meta":
        guard let size = box.size else { return false }
        offset += size
      default: return false
      }
    }
    // A box longer than the look-ahead before any moov.
    return offset >= lookAhead
  }

  func read(into buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    if position == 0 {
      search = RepeatedBeginning(of: peeked)
      nutPackets = NUTPackets(of: peeked)
    }
    let got = readUnwatched(into: buffer, count)
    if got > 0 {
      search?.pass(UnsafeRawBufferPointer(start: buffer, count: got))
      nutPackets?.pass(UnsafeRawBufferPointer(start: buffer, count: got))
    }
    return got
  }

  private func readUnwatched(into buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    if position < peeked.count {
      let part = min(count, peeked.count - position)
      peeked.withUnsafeBytes { buffer.copyMemory(from: $0.baseAddress! + position, byteCount: part) }
      position += part
      // What was looked at is needed no more once a stream has been recognised.
      if position == peeked.count, position > 1 << 16 {
        peeked = Array(peeked.prefix(4096))
        position = peeked.count
      }
      return part
    }
    return isAtEnd ? 0 : readDescriptor(buffer, count)
  }

  let size: Int64? = nil
  func seek(to offset: Int64) -> Bool { false }

  /// Bytes read, 0 at the end, -errno.
  private func readDescriptor(_ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    while true {
      let got = Glibc.read(descriptor, buffer, count)
      if got >= 0 { return got }
      if errno != EINTR { return -Int(errno) }
    }
  }
}
