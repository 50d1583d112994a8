import Testing

@testable import VideoIO

/// File names are bytes, whatever they mean as text.
@Suite struct FileNameTests {
  private func string(_ bytes: [UInt8]) -> String {
    String(fileNameBytes: bytes)
  }

  @Test func textStaysText() {
    for name in ["", "a.mp4", "Größe: 日本 🎬.mkv", "-y", "e\u{301}"] {
      #expect(string(Array(name.utf8)) == name && name.fileNameBytes == Array(name.utf8))
    }
  }

  @Test(arguments: UInt64(0)..<40) func anyBytesComeBack(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    // Mostly the beginnings and ends of characters, and of those that stand for bytes.
    let favourites: [UInt8] = [0xF4, 0x8F, 0xBE, 0xBF, 0x80, 0xFF, 0xE9, 0xC3, 0xA9, 0x41, 0x2F]
    for _ in 0..<50 {
      let bytes = (0..<12).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let pick = UInt8(truncatingIfNeeded: state >> 33)
        return state >> 60 < 12 ? favourites[Int(pick) % favourites.count] : max(1, pick)
      }
      #expect(string(bytes).fileNameBytes == bytes)
      #expect(string(bytes).fileName.last == 0)
    }
  }
}
