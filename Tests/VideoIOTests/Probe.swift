// The names of ffprobe in its JSON.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
import Foundation

/// What ffprobe says of a file.
struct Probe: Decodable {
  struct Stream: Decodable {
    let index: Int
    let codec_type: String
    let codec_name: String?
    let codec_tag_string: String?
    let width, height: Int?
    let pix_fmt: String?
    let sample_aspect_ratio: String?
    let color_range, color_space, color_transfer, color_primaries, chroma_location: String?
    let r_frame_rate, avg_frame_rate: String?
    let time_base: String
    let start_time, duration: String?
    let duration_ts: Int64?
    let disposition: [String: Int]?
    let tags: [String: String]?
    let side_data_list: [SideData]?

    var isCover: Bool { disposition?["attached_pic"] == 1 }
    /// GoPro's telemetry; timecode and chapter tracks, data too, are made anew by the muxer.
    var isTimedMetadata: Bool { codec_tag_string == "gpmd" }
    /// Seconds in a tick.
    var tick: Double { Probe.ratio(time_base) }
  }

  struct SideData: Decodable {
    let side_data_type: String
    let rotation: Double?
    let max_content, max_average: Int?
    let red_x, min_luminance, max_luminance: String?
    let type, projection: String?
  }

  struct Packet: Decodable {
    let stream_index: Int
    let pts_time, dts_time, duration_time: String?
    let data_hash: String?
    let flags: String?

    var time: Double? { (pts_time ?? dts_time).flatMap(Double.init) }
  }

  struct Format: Decodable {
    let format_name: String
    let start_time, duration: String?
    let tags: [String: String]?
  }

  struct Chapter: Decodable {
    let start_time, end_time: String
    let tags: [String: String]?
  }

  struct Frame: Decodable {
    let best_effort_timestamp_time: String?
    var time: Double? { best_effort_timestamp_time.flatMap(Double.init) }
    let pkt_duration_time: String?
    let side_data_list: [SideData]?
  }

  /// A programme of a transport stream.
  struct Program: Decodable, Equatable {
    let program_id: Int
    let tags: [String: String]?
    let nb_streams: Int
  }

  let programs: [Program]
  let streams: [Stream]
  let format: Format
  let chapters: [Chapter]
  let packets: [Packet]

  init(_ path: String) throws {
    let data = try Tool.run(
      "ffprobe",
      [
        "-v", "quiet", "-of", "json", "-show_streams", "-show_format", "-show_chapters", "-show_programs",
        "-show_packets", "-show_data_hash", "crc32", "file:" + path,
      ])
    self = try JSONDecoder().decode(Probe.self, from: data)
  }

  /// The stream that is re-encoded.
  var video: Stream? { streams.first { $0.codec_type == "video" && !$0.isCover } }

  func packets(of stream: Int) -> [Packet] { packets.filter { $0.stream_index == stream } }

  static func ratio(_ text: String?) -> Double {
    let parts = (text ?? "").split { $0 == "/" || $0 == ":" }.compactMap { Double($0) }
    return parts.count == 2 && parts[1] != 0 ? parts[0] / parts[1] : 0
  }

  /// The shown frames of the main video: their times.
  static func frames(_ path: String, stream: Int) throws -> [Frame] {
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

  /// The shown pictures, 16×16 RGB each: enough to tell one from another and to see a shift of colour.
  static func thumbnails(_ path: String, stream: Int) throws -> [[UInt8]] {
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
  static func sound(_ path: String, stream: Int, whole: Bool = false) throws -> String {
    let data = try Tool.run(
      "ffmpeg",
      ["-nostdin", "-v", "quiet"] + (whole ? ["-flags2", "+skip_manual"] : []) + [
        "-i", "file:" + path, "-map", "0:\(stream)", "-c:a", "pcm_s16le", "-f", "hash", "-hash", "crc32", "-",
      ])
    return String(decoding: data, as: UTF8.self)
  }
}
