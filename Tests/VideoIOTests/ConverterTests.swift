import Foundation
import TestSupport
import Testing
import VideoIO

/// Colours arrive as they are meant, and only what changes is changed.
@Suite struct ConverterTests {
  /// A flat picture of R 200, G 100, B 50 in a pixel format, with the tags that say how it is coded.
  private static func flat(_ format: String, matrix: String, range: String, tags: String) -> Clip {
    // RGB has no matrix; libswscale would apply one all the same.
    let isRGB = format.hasPrefix("gbr") || format.hasPrefix("bgr")
    let scale = isRGB ? "" : "scale=out_color_matrix=\(matrix):out_range=\(range):flags=accurate_rnd+full_chroma_int,"
    let codec = format == "nv12" || format == "yuyv422" ? "rawvideo -f nut" : "ffv1"
    return Clip(
      "flat \(format) \(matrix) \(range)", "c.mkv",
      "ff -f lavfi -i color=0xC86432:s=64x48:r=25:d=0.2 -vf format=gbrp16,\(scale)format=\(format) \(tags) -c:v \(codec) $OUT"
    )
  }

  @Test(arguments: [
    flat("yuv420p", matrix: "bt601", range: "tv", tags: ""),
    flat("yuv420p", matrix: "bt709", range: "tv", tags: "-colorspace bt709"),
    flat("yuv422p", matrix: "bt601", range: "pc", tags: "-color_range pc"),
    flat("yuv444p10le", matrix: "bt709", range: "tv", tags: "-colorspace bt709"),
    flat("yuv420p12le", matrix: "bt2020", range: "tv", tags: "-colorspace bt2020nc"),
    flat("yuv444p16le", matrix: "bt709", range: "pc", tags: "-colorspace bt709 -color_range pc"),
    flat("yuv410p", matrix: "bt601", range: "tv", tags: ""),
    flat("yuva420p", matrix: "bt601", range: "tv", tags: ""),
    flat("gbrp10le", matrix: "bt709", range: "pc", tags: ""),
    flat("bgr0", matrix: "bt709", range: "pc", tags: ""),
    flat("bgra", matrix: "bt709", range: "pc", tags: ""),
    flat("nv12", matrix: "bt601", range: "tv", tags: ""),
    flat("yuyv422", matrix: "bt601", range: "tv", tags: ""),
  ])
  func readsTheColourThatIsMeant(_ clip: Clip) throws {
    let (frame, converter) = try first(clip)
    let bytes = try read(frame, converter)
    for (channel, wanted) in [200, 100, 50].enumerated() {
      let values = stride(from: channel, to: bytes.count, by: 3).map { Int(bytes[$0]) }
      #expect(values.allSatisfy { abs($0 - wanted) <= 2 }, "channel \(channel): \(values.min()!)…\(values.max()!)")
    }
  }

  @Test(arguments: [
    flat("yuv420p", matrix: "bt709", range: "tv", tags: "-colorspace bt709"),
    flat("yuv422p", matrix: "bt601", range: "pc", tags: "-color_range pc"),
    flat("yuv444p10le", matrix: "bt709", range: "tv", tags: "-colorspace bt709"),
    flat("gbrp10le", matrix: "bt709", range: "pc", tags: ""),
    flat("nv12", matrix: "bt601", range: "tv", tags: ""),
    flat("yuv411p", matrix: "bt601", range: "tv", tags: ""),
    flat("yuv410p", matrix: "bt601", range: "tv", tags: ""),
  ])
  func writesTheChange(_ clip: Clip) throws {
    let (frame, converter) = try first(clip)
    let count = 3 * frame.width * frame.height
    var rgb = [Float](repeating: 0, count: count)
    var pixels = rgb.mutableSpan
    try converter.read(frame, into: &pixels)
    let change: [Float] = [-0.25, 0.125, 0.3]
    for i in rgb.indices { rgb[i] += change[i % 3] }
    let written = try converter.write(rgb.span, like: frame)
    #expect(written.pts == frame.pts && written.duration == frame.duration)
    let second = try PixelConverter(for: written)
    var again = [Float](repeating: 0, count: count)
    var morePixels = again.mutableSpan
    try second.read(written, into: &morePixels)
    let worst = zip(rgb, again).map { abs($0 - $1) }.max()!
    // A step of 8-bit limited chroma is 1/224, times 1.86 for blue.
    #expect(worst < 0.009)
  }

  /// Chroma that is four times coarser lies on the left column of its block, and in the middle of its rows: a ramp comes back as one line.
  @Test(arguments: [("yuv411p", "X", 0.0), ("yuv410p", "X", 0.0), ("yuv410p", "Y", 1.5)])
  func coarseChromaLiesAtItsPlace(_ format: String, _ axis: String, _ place: Double) throws {
    let (frame, converter) = try first(
      Clip(
        "ramp \(format) \(axis)", "c.mkv",
        "ff -f lavfi -i color=s=64x48:r=25:d=0.2 -vf \"format=\(format),geq=lum=128:cb='96+4*\(axis)':cr=128\" -c:v ffv1 $OUT"
      ))
    var rgb = [Float](repeating: 0, count: 3 * 64 * 48)
    var pixels = rgb.mutableSpan
    try converter.read(frame, into: &pixels)
    let length = axis == "X" ? 64 : 48
    for i in 4..<(length - 8) {
      let blue = Double(rgb[3 * (axis == "X" ? 20 * 64 + i : i * 64 + 20) + 2])
      // BT.601, limited range.
      let wanted = (128.0 - 16) / 219 + 1.772 * (96 + Double(i) - place - 128) / 224
      #expect(abs(blue - wanted) < 0.002, "\(i): \(blue), not \(wanted)")
    }
  }

  @Test func notANumberChangesNothing() throws {
    let (frame, converter) = try first(
      Self.flat("yuv444p10le", matrix: "bt709", range: "tv", tags: "-colorspace bt709"))
    let count = 3 * frame.width * frame.height
    let nothing = [Float](repeating: .nan, count: count)
    let written = try converter.write(nothing.span, like: frame)
    #expect(try read(frame, converter) == read(written, converter))
  }

  @Test func alphaOfWebMSurvives() throws {
    let clip = Clip(
      "alpha webm", "c.webm",
      "ff $(v 96x64 25 0.4) -vf format=yuva420p,colorchannelmixer=aa=0.5 -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -crf 20 -b:v 0 -auto-alt-ref 0 -pix_fmt yuva420p -metadata:s:v alpha_mode=1 $OUT"
    )
    let folder = try ScratchFolder()
    let input = try clip.make(), output = folder.path("out.webm")
    try Transcode.identity(input, output)
    func alpha(_ path: String) throws -> [UInt8] {
      [UInt8](
        try Tool.run(
          "ffmpeg",
          [
            "-nostdin", "-v", "error", "-c:v", "libvpx-vp9", "-i", path, "-vf", "alphaextract", "-fps_mode",
            "passthrough", "-f", "rawvideo", "-",
          ]))
    }
    let before = try alpha(input), after = try alpha(output)
    #expect(before.count == after.count && before.count == 10 * 96 * 64)
    let worst = zip(before, after).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(worst <= 3, "alpha changed by \(worst)")
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, folder.path("out.mp4")) }
    #expect(error?.description.contains("alpha") == true)
  }

  /// Frames of another clip would be read where their planes are not.
  @Test func framesOfAnotherKindAreRefused() throws {
    let (frame, _) = try first(Self.flat("yuv420p", matrix: "bt601", range: "tv", tags: ""))
    for other in ["yuv444p10le", "nv12"] {
      let (_, converter) = try first(Self.flat(other, matrix: "bt601", range: "tv", tags: ""))
      #expect(throws: VideoError.self) { try read(frame, converter) }
    }
  }

  @Test func aSourceTellsItsConverter() throws {
    let reader = try VideoReader(path: Self.flat("nv12", matrix: "bt601", range: "tv", tags: "").make())
    guard case .frame(let frame)? = try reader.next() else { throw Command.Failure(description: "no frame") }
    #expect(try read(frame, PixelConverter(for: reader.info)) == read(frame, PixelConverter(for: frame)))
  }

  private func read(_ frame: Frame, _ converter: PixelConverter) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 3 * frame.width * frame.height)
    var pixels = bytes.mutableSpan
    try converter.readBytes(frame, into: &pixels)
    return bytes
  }

  private func first(_ clip: Clip) throws -> (Frame, PixelConverter) {
    let reader = try VideoReader(path: clip.make())
    while let item = try reader.next() {
      if case .frame(let frame) = item { return try (frame, PixelConverter(for: frame)) }
    }
    throw Command.Failure(description: "no frame")
  }

  /// Packed, palette, semi-planar and big-endian samples: unpacked, left alone, and coded without loss, they are the same samples.
  @Test(arguments: [
    ("bgra", "rawvideo", "rgba"), ("rgb24", "rawvideo", "rgba"), ("argb", "rawvideo", "rgba"), ("pal8", "png", "rgba"),
    ("nv12", "rawvideo", "yuv420p"), ("yuyv422", "rawvideo", "yuv422p"), ("uyvy422", "rawvideo", "yuv422p"),
    ("gray16be", "png", "gray16le"),
    ("rgb48be", "png", "rgb48le"), ("rgba64be", "png", "rgba64le"), ("ya8", "png", "ya8"),
  ])
  func unpackingChangesNoSample(_ format: String, _ codec: String, _ common: String) throws {
    let alpha = format.contains("a") && !format.hasPrefix("gray") ? "format=rgba,colorchannelmixer=aa=0.6," : ""
    let input = try Clip(
      "packed \(format)", "c.nut", "ff $(v 94x62 25 0.2) -vf \(alpha)format=\(format) -c:v \(codec) $OUT"
    ).make()
    let folder = try ScratchFolder()
    let output = folder.path("out.mkv")
    try Transcode.identity(input, output) { $0.codec = "ffv1" }
    let sums = try [input, output].map { path in
      try Tool.run(
        "ffmpeg",
        [
          "-nostdin", "-v", "error", "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", common, "-f",
          "hash", "-",
        ])
    }
    #expect(sums[0] == sums[1])
  }
}
