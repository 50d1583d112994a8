import Foundation
import VideoIO

/// All that determines the bytes of the parts. Two jobs that are equal make equal parts, on whatever machine and under whatever file names.
struct Job: Codable, Equatable {
  /// The source's bytes.
  struct Input: Codable, Equatable {
    /// Of the whole file, and of its size and a few blocks, which is quick.
    let sha256: String
    let samples: String

    static let sampleCount = 64
  }

  struct Moments: Codable, Equatable {
    let start: Double
    let end: Double?
  }

  /// How the output is coded and stored.
  struct Coding: Codable, Equatable {
    let container: String
    let codec: String?
    let crf: Double?
    let preset: String?
    let extra: [String: String]
    let format: String?
    let dropUnsupported: Bool
    let dropAlpha: Bool
  }

  let input: Input
  /// Which of the input's streams is deblurred.
  let videoStream: Int
  let segment: Moments?
  let strict: Bool
  let progressive: Bool
  let coding: Coding
  /// SHA-256 of the weights file; empty where pictures are only copied.
  let weights: String
  let strength: Float
  let parts: Parts
  let machine: Machine

  /// SHA-256 over all of it.
  var address: String { get throws { SHA256.hex(of: Array(try JSONEncoder.ofWork.encode(self))) } }

  /// The options in which two jobs differ, by their names on the command line.
  func differences(from other: Job) -> [String] {
    let (a, b) = (coding, other.coding)
    return [
      ("--video-stream", videoStream == other.videoStream), ("--start, --end", segment == other.segment),
      ("--strict", strict == other.strict),
      ("--progressive", progressive == other.progressive), ("-f", a.format == b.format),
      ("the container", a.container == b.container), ("-c:v", a.codec == b.codec), ("--crf", a.crf == b.crf),
      ("--preset", a.preset == b.preset), ("-e", a.extra == b.extra),
      ("--drop-unsupported", a.dropUnsupported == b.dropUnsupported), ("--drop-alpha", a.dropAlpha == b.dropAlpha),
      ("--model", weights == other.weights), ("--strength", strength == other.strength),
      ("--part-frames, --no-seek", parts == other.parts),
    ].filter { !$0.1 }.map { $0.0 }
  }
}

extension JSONEncoder {
  /// Always the same bytes for the same values.
  static var ofWork: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
