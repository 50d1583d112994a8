/// A box of ISO base media (MP4, MOV), as far as its header tells (ISO/IEC 14496-12, 4.2).
struct ISOBox {
  /// Bytes that are read for a header: a long size needs all of them.
  static let headerLength = 16

  /// Four letters: "moov".
  let type: String
  /// From its beginning to the next box; nil where it lasts to the end of the file, and for what no box can have.
  let size: Int?

  /// - Parameter header: ``headerLength`` bytes.
  init(header: ArraySlice<UInt8>) {
    let bytes = Array(header)
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 << 8 | Int($1) } }
    type = String(decoding: bytes[4..<8], as: UTF8.self)
    let short = number(0..<4)
    let stated = short == 1 ? (bytes[8] == 0 ? number(8..<16) : 0) : short
    size = stated >= 8 ? stated : nil
  }

  /// The boxes at the top of a file, one by one, while they are such boxes and `visit` returns true.
  /// - Parameter read: bytes at an offset, fewer at the end.
  static func walk(_ read: (Int64, Int) -> [UInt8], _ visit: (_ box: ISOBox, _ offset: Int64) -> Bool) {
    var offset: Int64 = 0
    while offset < Int64.max / 2 {
      let head = read(offset, headerLength)
      guard head.count == headerLength, head[4..<8].allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0xA9 }) else {
        return
      }
      let box = ISOBox(header: head[...])
      guard visit(box, offset), let size = box.size, Int64(size) < Int64.max / 2 else { return }
      offset += Int64(size)
    }
  }
}
