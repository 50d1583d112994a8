import Foundation
import TestSupport
import Testing

@testable import vdeblur

/// Clips that players turn or mirror (display matrix) are previewed as they are shown.
@Suite(.serialized) struct OrientationTests {
  /// A display matrix by its four numbers, and the ffmpeg filters that do the same to pixels.
  struct Matrix: CustomStringConvertible, Sendable {
    let description: String
    let numbers: [Int32]
    let filter: String
    var swapsAxes: Bool { numbers[0] == 0 }

    static let all = [
      Matrix(description: "upright", numbers: [1, 0, 0, 1], filter: "null"),
      Matrix(description: "turned by 90", numbers: [0, 1, -1, 0], filter: "transpose=clock"),
      Matrix(description: "turned by 180", numbers: [-1, 0, 0, -1], filter: "hflip,vflip"),
      Matrix(description: "turned by 270", numbers: [0, -1, 1, 0], filter: "transpose=cclock"),
      Matrix(description: "mirrored", numbers: [-1, 0, 0, 1], filter: "hflip"),
      Matrix(description: "upside down and mirrored", numbers: [1, 0, 0, -1], filter: "vflip"),
      Matrix(description: "mirrored, turned by 270", numbers: [0, 1, 1, 0], filter: "transpose=cclock_flip"),
      Matrix(description: "mirrored, turned by 90", numbers: [0, -1, -1, 0], filter: "transpose=clock_flip"),
    ]

    /// The clip with this matrix (ISO/IEC 14496-12, tkhd; no release of ffmpeg sets them all).
    func apply(to clip: String, in folder: ScratchFolder) throws -> String {
      var movie = try Data(contentsOf: URL(fileURLWithPath: clip))
      let header = try #require(movie.range(of: Data("tkhd".utf8))).lowerBound
      for (place, number) in zip([0, 1, 3, 4], numbers) {
        let at = header + 44 + 4 * place
        movie.replaceSubrange(at..<at + 4, with: withUnsafeBytes(of: (number << 16).bigEndian) { Data($0) })
      }
      let path = folder.path("clip.mp4")
      try movie.write(to: URL(fileURLWithPath: path))
      return path
    }
  }

  /// Without loss, all of it moving; and what the full run makes of it.
  private static let clip = Clip.lossless420
  private static let restored = Restored.lossless420

  /// What is seen: the stored pictures, turned as the matrix says.
  private func seen(_ path: String, _ matrix: Matrix, _ crop: String = "null") throws -> [String] {
    try Probe.pictures(path, filter: "\(matrix.filter),\(crop)", options: "-noautorotate")
  }

  private func matrixOf(_ path: String) throws -> [String] {
    let lines = try Tool.lines(
      "ffprobe -v error -select_streams v:0 -show_entries stream_side_data=displaymatrix -of default=nk=1:nw=1 '\(path)'"
    )
    // The four numbers that turn: the shift goes with the size.
    return lines.filter { $0.contains(":") }.prefix(2).map {
      $0.split(separator: ":").last!.split(separator: " ").prefix(2).joined(separator: " ")
    }
  }

  @Test(arguments: Matrix.all)
  func everyLayoutIsUpright(matrix: Matrix) throws {
    let folder = try ScratchFolder()
    let path = try matrix.apply(to: Self.clip.path, in: folder)
    let (width, height) = matrix.swapsAxes ? (64, 96) : (96, 64)
    let half = width / 2 - 4
    for (layout, before, after) in [
      ("side", "crop=\(width):\(height):0:0", "crop=\(width):\(height):\(width + 2):0"),
      ("stack", "crop=\(width):\(height):0:0", "crop=\(width):\(height):0:\(height + 2)"),
      ("split", "crop=\(half):\(height):0:0", "crop=\(half):\(height):\(width - half):0"),
    ] {
      let out = folder.path("\(layout).mp4")
      let result = try Program.run(
        "preview", path, "--start", "0", "--layout", layout, "-o", out, "--crf", "0", "--no-labels")
      #expect(result.status == 0, "\(result.errors)")
      let (left, right) =
        layout == "split" ? (before, after) : ("crop=\(width):\(height)", "crop=\(width):\(height)")
      #expect(try seen(out, matrix, before) == seen(Self.clip.path, matrix, left), "\(layout), before")
      #expect(try seen(out, matrix, after) == seen(Self.restored, matrix, right), "\(layout), after")
      #expect(try matrixOf(out) == matrixOf(path), "\(layout)")
    }
  }

  /// The same picture as of an upright clip, turned.
  @Test(arguments: Matrix.all.dropFirst())
  func thePictureIsUpright(matrix: Matrix) throws {
    let folder = try ScratchFolder()
    let path = try matrix.apply(to: Self.clip.path, in: folder)
    let (turned, upright) = (folder.path("t.png"), folder.path("u.png"))
    for (clip, out) in [(path, turned), (Self.clip.path, upright)] {
      let result = try Program.run("preview", clip, "--frame", "0.04", "-o", out, "--no-labels")
      #expect(result.status == 0, "\(result.errors)")
    }
    let (width, height) = matrix.swapsAxes ? (64, 96) : (96, 64)
    #expect(try Probe.videoFormat(turned) == "\(2 * max(width, width / 3 * 3) + 2),\(2 * height + 2),rgb24")
    for column in 0...1 {
      let shown = try Probe.pictures(turned, filter: "crop=\(width):\(height):\(column * (width + 2)):0")
      let wanted = try Probe.pictures(upright, filter: "crop=96:64:\(column * 98):0,\(matrix.filter)")
      #expect(shown == wanted, "column \(column)")
    }
  }

  @Test(arguments: Matrix.all.dropFirst())
  func theWordsReadUpright(matrix: Matrix) throws {
    let folder = try ScratchFolder()
    let path = try matrix.apply(to: Self.clip.path, in: folder)
    var captions: [[String]] = []
    for (clip, matrix) in [(path, matrix), (Self.clip.path, Matrix.all[0])] {
      let out = folder.path("look.mp4")
      let result = try Program.run("preview", clip, "-y", "--start", "0", "-o", out, "--crf", "0")
      #expect(result.status == 0, "\(result.errors)")
      let width = matrix.swapsAxes ? 64 : 96
      captions.append(
        try seen(out, matrix, "extractplanes=y,crop=37:9:0:0")
          + seen(out, matrix, "extractplanes=y,crop=31:9:\(width + 2):0"))
      #expect(try seen(out, matrix, "crop=48:40:0:12") == seen(Self.clip.path, matrix, "crop=48:40:0:12"))
    }
    #expect(captions[0] == captions[1])
    #expect(Set(captions[0]).count == 2)
  }

  @Test func pixelsThatAreNotSquareAreShownInTheirProportions() throws {
    let folder = try ScratchFolder()
    let wide = folder.path("wide.mp4")
    let made = try Program.shell("ffmpeg -v error -i '\(Self.clip.path)' -c copy -aspect 3 '\(wide)'")
    #expect(made.status == 0, "\(made.errors)")
    for (matrix, size) in [(Matrix.all[0], "386,130"), (Matrix.all[1], "130,386")] {
      let path = try matrix.apply(to: wide, in: folder)
      let out = folder.path("look.png")
      let result = try Program.run("preview", path, "-y", "--frame", "0.04", "-o", out, "--no-labels")
      #expect(result.status == 0, "\(result.errors)")
      #expect(try Probe.videoFormat(out) == "\(size),rgb24")
    }
  }

  @Test func infoNamesMirroring() throws {
    let folder = try ScratchFolder()
    let path = try Matrix.all[4].apply(to: Self.clip.path, in: folder)
    #expect(try Program.run("info", path).text.contains("shown mirrored"))
    // A mirror is as easily lost as a turn.
    let result = try Program.run("info", Matrix.all[5].apply(to: Self.clip.path, in: folder), "-o", "out.ts")
    #expect(result.text.contains("refused") && result.text.contains("mirroring"), "\(result.text)")
  }
}

@Suite struct PictureFormatTests {
  @Test func theEndingDecides() throws {
    let folder = try ScratchFolder()
    for name in ["look.jpg", "look.JPEG", "look.png"] {
      let result = try Program.run("preview", Clip.small.path, "--frame", "0.1", "-o", name, folder: folder)
      #expect(result.status == 0, "\(result.errors)")
      let path = folder.path(name)
      let codec = try Tool.lines("ffprobe -v error -show_entries stream=codec_name -of csv=p=0 '\(path)'")
      #expect(codec == [name.hasSuffix("png") ? "png" : "mjpeg"])
    }
    // The same picture, but for what JPEG loses.
    let difference = try Program.shell(
      "ffmpeg -v info -i look.jpg -i look.png -filter_complex '[0]format=gbrp[a];[1]format=gbrp[b];[a][b]psnr' -f null - 2>&1 | grep -o 'average:[0-9.]*'",
      folder: folder)
    #expect(try #require(Double(difference.text.dropFirst(8).trimmingCharacters(in: .newlines))) > 36)
    for name in ["look.webp", "look.txt", "look"] {
      let result = try Program.run("preview", Clip.small.path, "--frame", "0.1", "-o", name, folder: folder)
      #expect(result.status == 2)
      #expect(result.errors.contains(".png or .jpg"), "\(result.errors)")
    }
    #expect(folder.contents == ["look.JPEG", "look.jpg", "look.png"])
  }
}
