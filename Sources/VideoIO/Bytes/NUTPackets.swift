/// Follows the packets of a NUT file by the lengths that they state (NUT Open Container Format; FFmpeg's nutdec.c), in bytes that pass by: so it is
/// known whether the file ends within one. FFmpeg hands out a last frame that is cut off as if it were whole.
struct NUTPackets {
  /// Whether the last packet is an index, which closes a file.
  private(set) var endsWithIndex = false
  /// Whether the next packet is not what it should be: nothing can be said any more.
  private(set) var isLost = false
  /// Whether the bytes so far end within a packet.
  var isWithinPacket: Bool { rest > 0 || !beginning.isEmpty }
  /// Whether an index may be expected at the end: streams that are written for pipes, without places to seek to, have none.
  var expectsIndex: Bool { codes.map { !$0.isForPipes } ?? false }

  /// Bytes of the packet that is being passed, as far as its header is not understood yet.
  private var beginning: [UInt8] = []
  /// Bytes of it that are still to come.
  private var rest = Int64(Self.identifier.count)
  private var codes: NUTFrameCodes?

  /// Longer than any packet, in bytes.
  static let longest: Int64 = 1 << 40
  /// How such files begin.
  static let identifier = Array("nut/multimedia container".utf8) + [0]

  /// - Parameter beginning: of the file; nil for other kinds of files.
  init?(of beginning: [UInt8]) { if !beginning.starts(with: Self.identifier) { return nil } }

  mutating func pass(_ bytes: UnsafeRawBufferPointer) {
    var at = 0
    while at < bytes.count, !isLost {
      if rest > 0 {
        let part = min(rest, Int64(bytes.count - at))
        rest -= part
        at += Int(part)
        continue
      }
      beginning.append(bytes[at])
      at += 1
      examine()
    }
  }

  /// Passes over what lies in a packet.
  /// - Returns: how many bytes, at most `most`.
  mutating func skip(atMost most: Int64) -> Int64 {
    let part = min(rest, most)
    rest -= part
    return part
  }

  /// Begins anew at a packet, with the frame codes that are known.
  mutating func restart() { (beginning, rest, isLost, endsWithIndex) = ([], 0, false, false) }

  private mutating func examine() {
    var header = NUTHeader(beginning)
    do throws(NUTHeader.Fault) {
      if beginning[0] == UInt8(ascii: "N") {
        let kind = try header.startCode()
        var size = try header.number()
        guard size < Self.longest else { throw .unknown }
        // A checksum of the header itself.
        if size > 4096 { size += 4 }
        let whole = Int64(header.place) + size
        if kind == .main {
          guard whole < 1 << 16 else { throw .unknown }
          // All of it is read.
          guard beginning.count == whole else { return }
          if codes == nil { codes = try NUTFrameCodes(&header, end: Int(whole) - 4) }
        }
        finish(whole)
        endsWithIndex = kind == .index
      } else {
        guard let codes else { throw .unknown }
        let size = try codes.frameSize(&header)
        finish(Int64(header.place) + size)
        endsWithIndex = false
      }
    } catch {
      isLost = error == .unknown || beginning.count > 1 << 16
    }
  }

  private mutating func finish(_ whole: Int64) {
    rest = whole - Int64(beginning.count)
    beginning = []
  }
}

/// The beginning of a packet, as far as it is there.
struct NUTHeader {
  enum Fault: Error { case incomplete, unknown }
  /// Packets that begin with eight bytes of their own; all others are frames.
  enum Kind: UInt64 {
    case main = 0x4E4D_7A56_1F5F_04AD
    case stream = 0x4E53_1140_5BF2_F9DB
    case syncpoint = 0x4E4B_E4AD_EECA_4569
    case index = 0x4E58_DD67_2F23_E64E
    case info = 0x4E49_AB68_B596_BA78
  }

  private let bytes: [UInt8]
  /// Bytes read so far.
  private(set) var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func byte() throws(Fault) -> UInt8 {
    guard place < bytes.count else { throw .incomplete }
    place += 1
    return bytes[place - 1]
  }

  mutating func startCode() throws(Fault) -> Kind {
    var code: UInt64 = 0
    for _ in 0..<8 { code = try code << 8 | UInt64(byte()) }
    guard let kind = Kind(rawValue: code) else { throw .unknown }
    return kind
  }

  /// A number in groups of seven bits ("v"), of at most 63 bits.
  mutating func number() throws(Fault) -> Int64 {
    var value: Int64 = 0
    for _ in 0..<10 {
      let next = try byte()
      value = value << 7 | Int64(next & 0x7F)
      if next & 0x80 == 0 { return value & .max }
    }
    throw .unknown
  }

  mutating func skip(_ count: Int64) throws(Fault) {
    guard count <= Int64(bytes.count - place) else { throw .incomplete }
    place += Int(count)
  }
}

/// What the first byte of a frame stands for, from the main header.
struct NUTFrameCodes {
  private struct Code {
    var flags: Int64 = 0, multiplier: Int64 = 1, least: Int64 = 0, reserved: Int64 = 0, elision: Int64 = 0
  }
  private struct Flag {
    static let time: Int64 = 8, stream: Int64 = 16, size: Int64 = 32, checksum: Int64 = 64, reserved: Int64 = 128
    static let elision: Int64 = 1024, match: Int64 = 2048, coded: Int64 = 4096, invalid: Int64 = 8192
  }

  let isForPipes: Bool
  private var codes: [Code] = []
  /// Bytes that begin many frames and are not written with each.
  private var elided: [Int64] = [0]

  /// - Parameters:
  ///   - header: of the main packet, behind its size.
  ///   - end: where its content ends.
  init(_ header: inout NUTHeader, end: Int) throws(NUTHeader.Fault) {
    let version = try header.number()
    if version > 3 { _ = try header.number() }
    // Streams, distance between syncpoints, clocks.
    for _ in 0..<2 { _ = try header.number() }
    let clocks = try header.number()
    guard clocks < 1 << 12 else { throw .unknown }
    for _ in 0..<(2 * clocks) { _ = try header.number() }
    var code = Code()
    while codes.count < 256 {
      code.flags = try header.number()
      let fields = try header.number()
      (code.least, code.reserved) = (0, 0)
      var count: Int64?
      guard fields < 64 else { throw .unknown }
      for field in 0..<fields {
        let value = try header.number()
        switch field {
        case 1: code.multiplier = value
        case 3: code.least = value
        case 4: code.reserved = value
        case 5: count = value
        case 7: code.elision = value
        default: break
        }
      }
      let run = count ?? code.multiplier - code.least
      guard run > 0, run <= 256 else { throw .unknown }
      for i in 0..<run {
        // An "N" begins no frame and takes no place in the run.
        if codes.count == Int(UInt8(ascii: "N")) { codes.append(Code(flags: Flag.invalid)) }
        guard codes.count < 256 else { throw .unknown }
        var one = code
        one.least &+= i
        codes.append(one)
      }
    }
    if header.place < end {
      let count = try header.number()
      guard count < 256 else { throw .unknown }
      for _ in 0..<count {
        let length = try header.number()
        elided.append(length)
        try header.skip(length)
      }
    }
    let modes = version > 3 && header.place < end ? try header.number() : 0
    isForPipes = modes & 2 != 0
  }

  /// Bytes behind a frame's header.
  func frameSize(_ header: inout NUTHeader) throws(NUTHeader.Fault) -> Int64 {
    let code = codes[Int(try header.byte())]
    var (flags, size, reserved, elision) = (code.flags, code.least, code.reserved, code.elision)
    if flags & Flag.invalid != 0 { throw .unknown }
    if flags & Flag.coded != 0 { flags ^= try header.number() }
    if flags & Flag.stream != 0 { _ = try header.number() }
    if flags & Flag.time != 0 { _ = try header.number() }
    if flags & Flag.size != 0 { size &+= code.multiplier &* (try header.number()) }
    if flags & Flag.match != 0 { _ = try header.number() }
    if flags & Flag.elision != 0 { elision = try header.number() }
    if flags & Flag.reserved != 0 { reserved = try header.number() }
    guard reserved < 256, elision < Int64(elided.count), (0..<NUTPackets.longest).contains(size) else { throw .unknown }
    for _ in 0..<reserved { _ = try header.number() }
    if flags & Flag.checksum != 0 { try header.skip(4) }
    // Long frames are written as they are.
    return size > 4096 ? size : max(0, size - elided[Int(elision)])
  }
}
