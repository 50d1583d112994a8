internal import Glibc

/// File names are bytes; a String is text. Bytes that are no UTF-8 are kept as characters of a private plane, one each, and become bytes
/// again wherever a name goes to the system. (Python's `surrogateescape` does the same with characters that a String of Swift cannot have.)
extension String {
  /// The name as the system gives it: NUL-terminated.
  init(fileName: UnsafePointer<CChar>) {
    self.init(
      fileNameBytes: UnsafeBufferPointer(start: fileName, count: strlen(fileName)).map { UInt8(bitPattern: $0) })
  }

  /// The name of these bytes, as the system gives them, without a NUL behind them.
  public init(fileNameBytes bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: isByte) {
      self = text
      return
    }
    self.init()
    var rest = bytes[...]
    while let first = rest.first {
      // The longest prefix that is one character; a private one of ours stands for its bytes, not for itself.
      let length = (1...4).first { count in
        count <= rest.count && String(validating: rest.prefix(count), as: UTF8.self)?.unicodeScalars.count == 1
      }
      if let length, let character = String(validating: rest.prefix(length), as: UTF8.self),
        !character.unicodeScalars.contains(where: isByte)
      {
        self += character
        rest = rest.dropFirst(length)
      } else {
        unicodeScalars.append(Unicode.Scalar(firstByte + UInt32(first))!)
        rest = rest.dropFirst()
      }
    }
  }

  /// The bytes that this text stands for, without a NUL behind them.
  public var fileNameBytes: [UInt8] {
    guard utf8.contains(0xF4) else { return Array(utf8) }
    return unicodeScalars.flatMap { isByte($0) ? [UInt8($0.value - firstByte)] : Array(String($0).utf8) }
  }

  /// The same as text for everybody: what is no UTF-8 becomes U+FFFD.
  public var replacingFileNameBytes: String {
    utf8.contains(0xF4) ? String(decoding: fileNameBytes, as: UTF8.self) : self
  }

  /// The same as the system takes it.
  public var fileName: [CChar] { fileNameBytes.map { CChar(bitPattern: $0) } + [0] }
}

/// The last characters of the last private plane: U+10FF80 … U+10FFFF for the bytes 0x80 … 0xFF.
private let firstByte: UInt32 = 0x10FF00

private func isByte(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= firstByte + 0x80 }

/// The folder of a path: `.` for a bare name.
func folderName(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// What follows the last slash of a path.
func lastName(of path: String) -> String {
  path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
}
