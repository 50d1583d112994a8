import Foundation
import VideoIO

/// Stdout: only what was asked for goes there (tables, JSON, video), never a message.
enum StandardOutput {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// - Throws: `Failure` with `.brokenPipe` when the reader is gone, `.output` when the device is full or broken.
  static func write(_ text: String) throws {
    do {
      try writeAll(text, to: STDOUT_FILENO)
    } catch let failure {
      if failure.number == EPIPE { throw Failure(.brokenPipe, "") }
      throw Failure(.output, "standard output: \(failure)")
    }
  }

  /// The same for what is UTF-8 throughout: no byte of a name goes out as it is.
  static func write(utf8 text: String) throws {
    // Characters that stand for bytes elsewhere are themselves now.
    try write(String(fileNameBytes: Array(text.replacingFileNameBytes.utf8)))
  }

  /// One indented JSON object and a newline; keys sorted, so that two runs compare.
  static func write(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // PSNR of equal pictures is infinite, which JSON cannot say as a number.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try write(utf8: String(decoding: encoder.encode(value), as: UTF8.self) + "\n")
  }
}
