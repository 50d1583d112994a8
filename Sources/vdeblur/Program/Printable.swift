import VideoIO

extension String {
  /// What a terminal shows as text and obeys nowhere: control characters, which names, titles and keys of other people's
  /// files can hold, as `\n`, `\t` or `\u{1B}`, and bytes that are no UTF-8 but control characters of 8 bits as `\x9B`.
  var printable: String {
    // Few texts have any. Scalars, since "\r\n" is one Character.
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control || $0.isFileNameByte }) else {
      return self
    }
    var text = ""
    // Bytes one after another may still be characters: those whose code points stand for bytes.
    var bytes: [UInt8] = []
    func take() {
      text += Self.printable(bytes)
      bytes = []
    }
    for scalar in unicodeScalars {
      if scalar.isFileNameByte {
        bytes += String(scalar).fileNameBytes
        continue
      }
      take()
      if scalar.properties.generalCategory == .control {
        text += scalar.escaped(asASCII: true)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    take()
    return text
  }

  private static func printable(_ bytes: [UInt8]) -> String {
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      let isCharacter = rest.count >= 4 && String(validating: rest.prefix(4), as: UTF8.self) != nil
      let count = isCharacter ? 4 : 1
      if !isCharacter, first < 0xA0 {
        text += "\\x" + String(first, radix: 16, uppercase: true)
      } else {
        text += String(fileNameBytes: Array(rest.prefix(count)))
      }
      rest = rest.dropFirst(count)
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether it stands for a byte of a name that is no UTF-8 (see ``Swift/String/init(fileNameBytes:)``).
  fileprivate var isFileNameByte: Bool { value >= 0x10FF80 }
}
