// The names of ffprobe in its JSON.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
import Foundation

/// What ffprobe says of a file.
package struct Probe: Decodable {
  package struct Stream: Decodable {
    package let index: Int
    package let codec_type: String
    package let codec_name: String?
    package let codec_tag_string: String?
    package let width, height: Int?
    package let pix_fmt: String?
    package let sample_aspect_ratio: String?
    package let color_range, color_space, color_transfer, color_primaries, chroma_location: String?
    package let r_frame_rate, avg_frame_rate: String?
    package let time_base: String
    package let start_time, duration: String?
    package let duration_ts: Int64?
    package let disposition: [String: Int]?
    package let tags: [String: String]?
    package let side_data_list: [SideData]?

    package var isCover: Bool { disposition?["attached_pic"] == 1 }
    /// GoPro's telemetry; timecode and chapter tracks, data too, are made anew by the muxer.
    package var isTimedMetadata: Bool { codec_tag_string == "gpmd" }
    /// Seconds in a tick.
    package var tick: Double { Probe.ratio(time_base) }
  }

  package struct SideData: Decodable {
    package let side_data_type: String
    package let rotation: Double?
    package let max_content, max_average: Int?
    package let red_x, min_luminance, max_luminance: String?
    package let type, projection: String?
  }

  package struct Packet: Decodable {
    package let stream_index: Int
    package let pts_time, dts_time, duration_time: String?
    package let data_hash: String?
    package let flags: String?

    package var time: Double? { (pts_time ?? dts_time).flatMap(Double.init) }
  }

  package struct Format: Decodable {
    package let format_name: String
    package let start_time, duration: String?
    package let tags: [String: String]?
  }

  package struct Chapter: Decodable {
    package let start_time, end_time: String
    package let tags: [String: String]?
  }

  package struct Frame: Decodable {
    package let best_effort_timestamp_time: String?
    package var time: Double? { best_effort_timestamp_time.flatMap(Double.init) }
    package let pkt_duration_time: String?
    package let side_data_list: [SideData]?
  }

  /// A programme of a transport stream.
  package struct Program: Decodable, Equatable {
    package let program_id: Int
    package let tags: [String: String]?
    package let nb_streams: Int
  }

  package let programs: [Program]
  package let streams: [Stream]
  package let format: Format
  package let chapters: [Chapter]
  package let packets: [Packet]

  package init(_ path: String) throws {
    let data = try Tool.run(
      "ffprobe",
      [
        "-v", "quiet", "-of", "json", "-show_streams", "-show_format", "-show_chapters", "-show_programs",
        "-show_packets", "-show_data_hash", "crc32", "file:" + path,
      ])
    self = try JSONDecoder().decode(Probe.self, from: data)
  }

  /// The stream that is re-encoded.
  package var video: Stream? { streams.first { $0.codec_type == "video" && !$0.isCover } }

  package func packets(of stream: Int) -> [Packet] { packets.filter { $0.stream_index == stream } }

  package static func ratio(_ text: String?) -> Double {
    let parts = (text ?? "").split { $0 == "/" || $0 == ":" }.compactMap { Double($0) }
    return parts.count == 2 && parts[1] != 0 ? parts[0] / parts[1] : 0
  }
}
