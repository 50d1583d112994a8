import Foundation
import TestSupport
import Testing
import VideoIO

/// HDR10 with a Dolby Vision configuration, which ffmpeg cannot make: its box is put into the sample entry here.
@Suite struct DynamicRangeTests {
  @Test func metadataOfTheBitstreamGoesIntoTheContainer() throws {
    let folder = try ScratchFolder()
    for kind in ["mp4", "mkv"] {
      try Transcode.identity(try Self.hdr10(), folder.path("out.\(kind)"))
      let stated = try Probe(folder.path("out.\(kind)")).video?.side_data_list?.map(\.side_data_type) ?? []
      for what in ["Mastering display metadata", "Content light level metadata"] {
        #expect(stated.contains(what), "\(kind) states \(stated)")
      }
    }
  }

  @Test func dolbyVisionOverHDR10IsLeftOut() throws {
    let folder = try ScratchFolder()
    let input = try Self.dolbyVision(profile: 8, compatibility: 1, in: folder)
    let result = try Transcode.identity(input, folder.path("out.mp4"))
    #expect(result.notes.contains { $0.contains("Dolby Vision metadata") })
    let reader = try VideoReader(path: input)
    #expect(reader.info.dynamicRange?.hasSuffix("1000 cd/m², Dolby Vision profile 8.1") == true)
    #expect(try VideoReader(path: folder.path("out.mp4")).info.dynamicRange?.contains("Dolby") == false)
  }

  @Test func dolbyVisionInItsOwnColoursIsRefused() throws {
    let folder = try ScratchFolder()
    let input = try Self.dolbyVision(profile: 5, compatibility: 0, in: folder)
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path("out.mp4")) }
    #expect(error?.kind == .unsupported && error?.description.contains("Dolby Vision profile 5") == true)
    #expect(folder.contents == ["dv.mp4"])
  }

  private static func hdr10() throws -> String {
    try Clip(
      "HDR10 alone", "c.mp4",
      "ff $(v 96x64 25 0.4) $x265:hdr10=1:repeat-headers=1:master-display='G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)':max-cll=1000,400 -tag:v hvc1 -pix_fmt yuv420p10le -colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084 $OUT"
    ).make()
  }

  private static func dolbyVision(profile: UInt8, compatibility: UInt8, in folder: ScratchFolder) throws -> String {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try hdr10())))
    // Version 1.0, level 1, with metadata and base layer (Dolby Vision Streams within the ISO Base Media File Format, 3.2).
    let record = [1, 0, profile << 1, 1 << 3 | 1 << 2 | 1, compatibility << 4] + [UInt8](repeating: 0, count: 19)
    let box = [0, 0, 0, UInt8(record.count + 8)] + Array("dvvC".utf8) + record
    // The index follows the samples, so no offset changes; every box around the new one grows.
    let path = ["moov", "trak", "mdia", "minf", "stbl", "stsd", "hvc1"]
    var start = 0
    for name in path {
      let type = try #require(bytes[start...].firstRange(of: Array(name.utf8)))
      start = type.lowerBound
      let size = bytes[(start - 4)..<start].reduce(0) { $0 << 8 | Int($1) }
      if name == path.last { bytes.insert(contentsOf: box, at: start - 4 + size) }
      for (place, byte) in bigEndian(size + box.count).enumerated() { bytes[start - 4 + place] = byte }
    }
    let file = folder.path("dv.mp4")
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  private static func bigEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 0xFF) } }
}
