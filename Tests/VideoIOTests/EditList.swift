import Foundation

/// Rewrites the edit lists of an MP4 (ISO/IEC 14496-12, 8.6.6) whose index comes last, since no tool of ffmpeg writes lists with several pieces.
enum EditList {
  /// How long a piece lasts, in ticks of the movie, and where it begins in the track, in ticks of the track; -1 shows nothing.
  typealias Piece = (length: UInt32, start: Int32)

  /// - Parameter pieces: a list for each track.
  static func write(_ pieces: [[Piece]], of input: String, to output: String) throws {
    let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: input)))
    var track = 0
    func rebuilt(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var result: [UInt8] = []
      var rest = bytes
      while rest.count >= 8 {
        let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let type = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
        var body = Array(rest.prefix(size).dropFirst(8))
        if ["moov", "trak", "edts"].contains(type) { body = rebuilt(body[...]) }
        if type == "elst" {
          body = number(0) + number(UInt32(pieces[track].count))
          for piece in pieces[track] {
            body += number(piece.length) + number(UInt32(bitPattern: piece.start)) + number(0x10000)
          }
          track += 1
        }
        result += number(UInt32(body.count + 8)) + Array(type.utf8) + body
        rest = rest.dropFirst(size)
      }
      return result
    }
    try Data(rebuilt(file[...])).write(to: URL(fileURLWithPath: output))
  }

  private static func number(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
}
