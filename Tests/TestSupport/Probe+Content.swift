import Foundation

/// What a file holds when it is decoded.
extension Probe {
  /// The frames of a video stream that are shown.
  package static func frames(_ path: String, stream: Int) throws -> [Frame] {
    struct Frames: Decodable { let frames: [Frame] }
    let data = try Tool.run(
      "ffprobe",
      [
        "-v", "quiet", "-of", "json", "-select_streams", "\(stream)", "-show_entries",
        "frame=best_effort_timestamp_time,pkt_duration_time:frame_side_data=side_data_type,max_content,red_x,max_luminance",
        "file:" + path,
      ])
    return try JSONDecoder().decode(Frames.self, from: data).frames
  }

  /// Presentation times of the main video's shown frames, in seconds.
  package static func frameTimes(_ path: String) throws -> [Double] {
    guard let video = try Probe(path).video else { return [] }
    return try frames(path, stream: video.index).compactMap(\.time)
  }

  /// Hashes of the decoded pictures of the first video stream.
  package static func pictures(_ path: String, filter: String = "null", options: String = "") throws -> [String] {
    try Tool.lines(
      "ffmpeg -nostdin -v error \(options) -i '\(path)' -map 0:v:0 -fps_mode passthrough -vf '\(filter)' -f framemd5 -"
    )
    .filter { !$0.hasPrefix("#") }
    .map { String($0.split(separator: ",").last!).trimmingCharacters(in: .whitespaces) }
  }

  /// All decoded samples of the first video stream, frame after frame, plane after plane.
  package static func samples(_ path: String) throws -> [UInt8] {
    Array(
      try Tool.run(
        "ffmpeg",
        [
          "-nostdin", "-v", "error", "-i", "file:" + path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f",
          "rawvideo",
          "-",
        ]))
  }

  /// The shown pictures, 16×16 RGB each: enough to tell one from another and to see a shift of colour.
  package static func thumbnails(_ path: String, stream: Int) throws -> [[UInt8]] {
    let data = try Tool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "quiet", "-noautorotate", "-i", "file:" + path, "-map", "0:\(stream)", "-fps_mode",
        "passthrough", "-vf",
        "scale=16:16:flags=area+accurate_rnd+full_chroma_int,format=rgb24", "-f", "rawvideo", "-",
      ])
    return stride(from: 0, to: data.count - 767, by: 768).map { [UInt8](data[$0..<($0 + 768)]) }
  }

  /// A hash of the decoded sound of a stream, with or without the samples that the container marks as not to be heard.
  package static func sound(_ path: String, stream: Int, whole: Bool = false) throws -> String {
    let data = try Tool.run(
      "ffmpeg",
      ["-nostdin", "-v", "quiet"] + (whole ? ["-flags2", "+skip_manual"] : []) + [
        "-i", "file:" + path, "-map", "0:\(stream)", "-c:a", "pcm_s16le", "-f", "hash", "-hash", "crc32", "-",
      ])
    return String(decoding: data, as: UTF8.self)
  }

  /// Hashes of the sound packets, as they lie in the file.
  package static func soundPackets(_ path: String) throws -> [String] {
    try soundsOf(path).map { $0.data_hash ?? "" }
  }

  /// Presentation times of the sound packets, in seconds.
  package static func soundTimes(_ path: String) throws -> [Double] {
    try soundsOf(path).compactMap { $0.pts_time.flatMap(Double.init) }
  }

  private static func soundsOf(_ path: String) throws -> [Packet] {
    let probe = try Probe(path)
    let sounds = Set(probe.streams.filter { $0.codec_type == "audio" }.map(\.index))
    return probe.packets.filter { sounds.contains($0.stream_index) }
  }

  /// The main video's size and pixel format, such as `96,64,yuv420p`.
  package static func videoFormat(_ path: String) throws -> String {
    guard let video = try Probe(path).video else { return "" }
    return "\(video.width ?? 0),\(video.height ?? 0),\(video.pix_fmt ?? "")"
  }

  /// Kinds of the streams, in order.
  package static func streamKinds(_ path: String) throws -> [String] { try Probe(path).streams.map(\.codec_type) }
}
