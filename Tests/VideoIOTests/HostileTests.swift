import Foundation
import TestSupport
import Testing
import VideoIO

/// Headers that lie about sizes, and files that point elsewhere: refused in one line, without memory and without a look at what they name.
@Suite struct HostileTests {
  private static func box(_ type: String, _ body: [UInt8], size: UInt32? = nil) -> [UInt8] {
    bigEndian(size ?? UInt32(body.count + 8)) + Array(type.utf8) + body
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  /// Header bytes, by what they exaggerate.
  private static let bombs: [(name: String, bytes: [UInt8])] = [
    (
      "endless moov.mp4",
      box("ftyp", Array("isom0000".utf8)) + box("moov", [UInt8](repeating: 0, count: 64), size: 0x7FFF_FFFF)
    ),
    (
      "huge table.mp4",
      box("ftyp", Array("isom0000".utf8))
        + box(
          "moov",
          box(
            "trak",
            box(
              "mdia",
              box(
                "minf",
                box(
                  "stbl",
                  box("stsz", [0, 0, 0, 0, 0, 0, 0, 0] + bigEndian(0x7FFF_FFFF))
                    + box("stts", [0, 0, 0, 0] + bigEndian(0x3FFF_FFFF)))))))
    ),
    (
      "boxes in boxes.mp4",
      box("ftyp", Array("isom0000".utf8)) + (0..<2000).reduce([]) { inner, _ in box("moov", inner) }
    ),
    ("wide.y4m", Array("YUV4MPEG2 W2000000000 H2 F25:1\nFRAME\n".utf8)),
    ("square.y4m", Array("YUV4MPEG2 W65535 H65535 F25:1 C444p16\nFRAME\n".utf8)),
    (
      "element.mkv",
      [
        0x1A, 0x45, 0xDF, 0xA3, 0x84, 0x42, 0x86, 0x81, 1, 0x18, 0x53, 0x80, 0x67, 0x01, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0x16, 0x54, 0xAE, 0x6B, 0x08, 0x7F, 0xFF, 0xFF, 0xFF,
      ]
    ),
    (
      "list.avi",
      Array("RIFF".utf8) + [0xFF, 0xFF, 0xFF, 0x7F] + Array("AVI LIST".utf8) + [0xFF, 0xFF, 0xFF, 0x7F]
        + Array("hdrlavih".utf8) + [0xFF, 0xFF, 0xFF, 0x7F] + [UInt8](repeating: 0xFF, count: 64)
    ),
  ]

  @Test(arguments: bombs.indices) func exaggerationIsRefusedWithoutMemory(_ index: Int) throws {
    let folder = try ScratchFolder()
    let path = folder.path(Self.bombs[index].name)
    try Data(Self.bombs[index].bytes).write(to: URL(fileURLWithPath: path))
    let before = try Memory.peak()
    let error = #expect(throws: VideoError.self) { _ = try VideoReader(path: path) }
    #expect(error?.description.hasPrefix(path) == true && error?.description.contains("\n") == false)
    #expect(try Memory.peak() - before < 64 << 20)
  }

  /// An index that spells nothing out can claim any number of frames: FFmpeg would make room for each.
  @Test(arguments: [
    ("fragment.mp4", "$x264 -movflags frag_keyframe+empty_moov", "trun", 8),
    ("table.mov", "-c:v rawvideo -pix_fmt rgb24", "stsz", 12),
  ]) func claimedFramesAreCounted(_ name: String, _ codec: String, _ box: String, _ countPlace: Int) throws {
    let clip = try Clip("claims", name, "ff $(v 32x32 25 0.4) \(codec) $OUT").make()
    var data = try Data(contentsOf: URL(fileURLWithPath: clip))
    let place = try #require(data.range(of: Data(box.utf8))).lowerBound
    func set(_ offset: Int, _ value: UInt32) {
      data.replaceSubrange((place + offset)..<(place + offset + 4), with: Self.bigEndian(value))
    }
    set(countPlace, 100_000_000)
    // No fields for each frame.
    if box == "trun" { set(4, 0) }
    let folder = try ScratchFolder()
    try data.write(to: folder.file("x.mp4"))
    let error = #expect(throws: VideoError.self) { _ = try VideoReader(path: folder.path("x.mp4")) }
    #expect(error?.description.contains("claims 100000000 frames in \(data.count) bytes") == true, "\(error as Any)")
  }

  /// Plain sound has more samples than a file that was cut off has bytes; FFmpeg indexes it by chunks.
  @Test func soundOfAFileThatWasCutOffIsNoClaim() throws {
    let clip = try Clip(
      "pcm", "long.mov", "ff $(v 32x32 25 30) $(a 30) $x264 -c:a pcm_s16le -ac 2 -movflags faststart $OUT"
    )
    .make()
    let folder = try ScratchFolder()
    try Data(contentsOf: URL(fileURLWithPath: clip)).prefix(1 << 20).write(to: folder.file("cut.mov"))
    let result = try Transcode.identity(folder.path("cut.mov"), folder.path("out.mkv"))
    #expect(result.notes.contains { $0.contains("ends early") }, "\(result.notes)")
  }

  /// Text files of formats that name other files or addresses; each names a file that would be read if it were followed.
  private static let pointers = [
    "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nTARGET\n#EXT-X-ENDLIST\n",
    "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
    "ffconcat version 1.0\nfile 'TARGET'\n",
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><BaseURL>TARGET</BaseURL></Period></MPD>",
    "[playlist]\nFile1=TARGET\n",
    "[Reference]\nRef1=http://127.0.0.1:9/a.asf\n",
    "file TARGET\n",
  ]

  @Test(arguments: pointers.indices, ["x.mp4", "x.m3u8", "x.ts"]) func pointersAreNotFollowed(
    _ index: Int, _ name: String
  ) throws {
    let target = try Clip("target", "t.ts", "ff $(v 96x64 25 0.4) $x264 $OUT").make()
    let folder = try ScratchFolder()
    let path = folder.path(name)
    try Data(Self.pointers[index].replacingOccurrences(of: "TARGET", with: target).utf8).write(
      to: URL(fileURLWithPath: path))
    let error = #expect(throws: VideoError.self) { _ = try VideoReader(path: path) }
    #expect(error?.kind == .input && error?.description.contains("\n") == false)
  }

  /// Every packet of the picture says that it is scrambled.
  @Test func scrambledTransportStreamIsNamed() throws {
    let clear = try Clip("clear", "t.ts", "ff $(v 96x64 25 1) $(a 1) $x264 -c:a mp2 $OUT").make()
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: clear)))
    // FFmpeg's muxer gives the picture PID 0x100.
    for packet in stride(from: 0, to: bytes.count, by: 188)
    where bytes[packet + 1] & 0x1F == 1 && bytes[packet + 2] == 0 {
      bytes[packet + 3] |= 0x80
    }
    let folder = try ScratchFolder()
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("x.ts")))
    let error = #expect(throws: VideoError.self) { _ = try VideoReader(path: folder.path("x.ts")) }
    #expect(error?.description.contains("scrambled") == true, "\(String(describing: error))")
  }
}

/// The memory of this process.
enum Memory {
  /// The most that was resident so far, in bytes (VmHWM).
  static func peak() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) * 1024
  }
}
