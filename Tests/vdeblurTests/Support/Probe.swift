import Foundation

/// What ffprobe and ffmpeg see in a file.
enum Probe {
  /// Presentation times of the video's shown frames, in seconds, by decoding.
  static func frameTimes(_ path: String) throws -> [Double] {
    try lines(
      "ffprobe -v error -select_streams v:0 -show_entries frame=best_effort_timestamp_time -of csv=p=0 '\(path)'"
    )
    .compactMap { Double($0.split(separator: ",")[0]) }
  }

  /// A hash of every sound packet's bytes.
  static func soundPackets(_ path: String) throws -> [String] {
    try lines(
      "ffprobe -v error -select_streams a -show_packets -show_data_hash sha256 -show_entries packet=data_hash '\(path)' | grep SHA256"
    )
  }

  /// Presentation times of the sound packets, in seconds.
  static func soundTimes(_ path: String) throws -> [Double] {
    try lines("ffprobe -v error -select_streams a -show_entries packet=pts_time -of csv=p=0 '\(path)'")
      .compactMap { Double($0.split(separator: ",")[0]) }
  }

  /// Hashes of the decoded pictures.
  static func pictures(_ path: String, filter: String = "null", options: String = "") throws -> [String] {
    try lines(
      "ffmpeg -nostdin -v error \(options) -i '\(path)' -map 0:v:0 -fps_mode passthrough -vf '\(filter)' -f framemd5 - | grep -v '^#'"
    )
    .map { String($0.split(separator: ",").last!).trimmingCharacters(in: .whitespaces) }
  }

  /// All decoded samples, frame after frame, plane after plane.
  static func samples(_ path: String) throws -> [UInt8] {
    let result = try Program.shell(
      "ffmpeg -nostdin -v error -i '\(path)' -map 0:v:0 -fps_mode passthrough -f rawvideo -")
    guard result.status == 0 else { throw Program.Failure(description: "\(path): \(result.errors)") }
    return Array(result.output)
  }

  /// The video's size and pixel format, such as `96,64,yuv420p`.
  static func videoFormat(_ path: String) throws -> String {
    try lines("ffprobe -v error -select_streams v:0 -show_entries stream=width,height,pix_fmt -of csv=p=0 '\(path)'")
      .first ?? ""
  }

  /// Kinds of the streams, in order.
  static func streamKinds(_ path: String) throws -> [String] {
    try lines("ffprobe -v error -show_entries stream=codec_type -of csv=p=0 '\(path)'")
  }

  static func lines(_ command: String) throws -> [String] {
    let result = try Program.shell(command)
    guard result.status == 0 else { throw Program.Failure(description: "\(command): \(result.errors)") }
    return result.text.split(separator: "\n").map { String($0) }
  }
}
