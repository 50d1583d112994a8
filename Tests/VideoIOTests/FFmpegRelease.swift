import Foundation

/// The release of FFmpeg under test, as the `ffmpeg` beside its libraries states it: what its containers hold differs.
enum FFmpegRelease {
  /// Since 6.1 MP4 takes PCM sound, and Matroska the display matrix.
  static let isFrom61: Bool = {
    let words = (try? Tool.run("ffmpeg", ["-version"])).map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard let version = words.split(separator: " ").dropFirst(2).first else { return false }
    let numbers = version.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (6, 1)
  }()
}
