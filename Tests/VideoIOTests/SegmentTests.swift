import Foundation
import TestSupport
import Testing
import VideoIO

/// A part of a file consists of the same pictures as the whole run.
@Suite struct SegmentTests {
  private struct Shown: Equatable {
    let pts: Int64
    /// Seconds after the beginning of the file.
    let time: Double
    let hash: Int
  }

  private func pictures(_ path: String, _ segment: Segment?) throws -> (shown: [Shown], before: Shown?, after: Shown?) {
    var options = ReaderOptions()
    options.segment = segment
    let reader = try VideoReader(path: path, options: options)
    let converter = try PixelConverter(for: reader.info)
    var shown: [Shown] = [], before: Shown?, after: Shown?
    let size = 3 * reader.info.video.width * reader.info.video.height
    var bytes = [UInt8](repeating: 0, count: size)
    while let item = try reader.next() {
      guard case .frame(let frame) = item else { continue }
      var pixels = bytes.mutableSpan
      try converter.readBytes(frame, into: &pixels)
      let one = Shown(pts: frame.pts, time: frame.time - reader.info.startTime, hash: bytes.hashValue)
      if !frame.isContext { shown.append(one) } else if shown.isEmpty { before = one } else { after = one }
    }
    return (shown, before, after)
  }

  @Test(arguments: [
    Clip("segment mp4", "c.mp4", "ff $(v 96x64 25 4) $(a 4) $x264 -g 30 -c:a aac $OUT"),
    Clip(
      "segment open GOP", "c.mkv", "ff $(v 96x64 25 4) $x264 -x264-params open-gop=1:keyint=25:bframes=3 $OUT"),
    Clip("segment ts", "c.ts", "ff $(v 96x64 25 4) $(a 4) $x264 -g 30 -c:a aac $OUT"),
    Clip("segment avi", "c.avi", "ff $(v 96x64 25 4) -c:v mpeg4 -q:v 3 -g 30 $OUT"),
    Clip("segment mpeg2", "c.ts", "ff $(v 96x64 25 4) -c:v mpeg2video -bf 2 -g 15 -q:v 3 $OUT"),
  ])
  func samePictures(_ clip: Clip) throws {
    let path = try clip.make()
    let whole = try pictures(path, nil).shown
    #expect(whole.count == 100)
    for (first, count) in [(0, 5), (1, 3), (29, 4), (30, 4), (31, 10), (77, 23)] {
      let end = first + count == 100 ? nil : whole[first + count].time - 0.02
      let part = try pictures(path, Segment(start: max(0, whole[first].time - 0.02), end: end))
      #expect(part.shown == Array(whole[first..<(first + count)]), "from \(first)")
      #expect(part.before == (first == 0 ? nil : whole[first - 1]))
      #expect(part.after == (first + count == 100 ? nil : whole[first + count]))
    }
  }

  @Test(arguments: ["mp4", "mkv"]) func soundIsCutAlike(_ kind: String) throws {
    let input = try Clip("segment mp4", "c.mp4", "ff $(v 96x64 25 4) $(a 4) $x264 -g 30 -c:a aac $OUT").make()
    let folder = try ScratchFolder()
    let output = folder.path("out.\(kind)")
    let result = try Transcode.identity(input, output, segment: Segment(start: 1.2, end: 2.2))
    #expect(result.summary.frames == 25)
    let probe = try Probe(output)
    let sound = probe.packets.filter { $0.stream_index == 1 }
    let whole = try Probe(input).packets.filter { $0.stream_index == 1 }
    // 48 packets of 1024 samples in a second, one more at either end.
    #expect((46...49).contains(sound.count))
    let hashes = sound.map(\.data_hash)
    let start = try #require(whole.firstIndex { $0.data_hash == hashes[0] && ($0.time ?? 0) > 1 })
    #expect(whole[start..<(start + hashes.count)].map(\.data_hash) == hashes)
    // The sound keeps its place against the picture.
    let moved =
      (whole[start].time! - 1.2)
      - (sound[0].time! - probe.packets.filter { $0.stream_index == 0 }.compactMap(\.time).min()!)
    #expect(abs(moved) < 0.0011)
  }

  @Test func emptySegmentIsRefused() throws {
    let input = try Clip("segment mp4", "c.mp4", "ff $(v 96x64 25 4) $(a 4) $x264 -g 30 -c:a aac $OUT").make()
    var options = ReaderOptions()
    for (start, end) in [(3.0, 2.0), (1000.0, 1001.0)] {
      options.segment = Segment(start: start, end: end)
      #expect(throws: VideoError.self) { _ = try VideoReader(path: input, options: options) }
    }
  }
}
