import Foundation
import TestSupport
import Testing

@Suite struct InfoTests {
  @Test func tellsStreamsEncoderAndCost() throws {
    let result = try Program.run("info", Clip.small.path)
    #expect(result.status == 0, "\(result.errors)")
    for fact in [
      "96x64", "25 fps", "h264", "deblurred", "aac", "copied", "libx264", "yuv420p", "8 frames", "fps", "memory",
    ] {
      #expect(result.text.contains(fact), "\(fact) is missing in\n\(result.text)")
    }
    #expect(result.errors.isEmpty)
  }

  @Test func aTitleOrAKeyIsTextToTheTerminal() throws {
    let folder = try ScratchFolder()
    let made = try Program.shell(
      """
      printf '1\\n00:00:00,000 --> 00:00:00,200\\nhello\\n' >s.srt && ffmpeg -nostdin -v error -i '\(Clip.small.path)' -i s.srt -map 0:v -map 1 \
        -c:v copy -metadata:s:1 title=$'one\\e[31m\\ntwo\\x7f' t.mkv
      """, folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    let page = try Program.run("info", "t.mkv", "--strength", "0", folder: folder)
    #expect(page.text.contains(#"one\u{1B}[31m\ntwo\u{7F}"#), "\(page.text)")
    let header = Data(#"{"a\u001b[31m\nb":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#.utf8)
    try (Data([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0]) + header).write(to: folder.file("w.safetensors"))
    let refusal = try Program.run("info", "t.mkv", "--model", folder.path("w.safetensors"), folder: folder)
    #expect(refusal.status == 1 && refusal.errorLines.count == 1, "\(refusal.errors)")
    #expect(refusal.errors.contains(#"tensor 'a\u{1B}[31m\nb'"#), "\(refusal.errors)")
  }

  /// U+10FF9B and U+10FFFD stand for bytes in names of files, which a terminal might take for a control character.
  @Test func aTitleIsTheCharactersThatItHolds() throws {
    let folder = try ScratchFolder()
    let title = "s\u{10FF9B}[31m \u{10FFFD}"
    let made = try Program.shell(
      """
      printf '1\\n00:00:00,000 --> 00:00:00,200\\nhello\\n' >s.srt && ffmpeg -nostdin -v error -i '\(Clip.small.path)' -i s.srt -map 0:v -map 1 \
        -c:v copy -metadata:s:1 title='\(title)' t.mkv
      """, folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    for options in [[], ["--json"]] {
      let page = try Program.run(["info", "t.mkv", "--strength", "0"] + options, folder: folder)
      #expect(page.output.range(of: Data(title.utf8)) != nil, "\(page.text)")
    }
  }

  @Test func speaksJSON() throws {
    let result = try Program.run("info", Clip.uneven.path, "--json", "--strength", "0")
    #expect(result.status == 0, "\(result.errors)")
    let page = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let streams = try #require(page["streams"] as? [[String: Any]])
    #expect(streams.map { $0["kind"] as? String } == ["video", "audio"])
    #expect(streams.map { $0["treatment"] as? String } == ["deblurred", "copied"])
    let estimate = try #require(page["estimate"] as? [String: Any])
    #expect((estimate["memoryBytes"] as? Int ?? 0) > 1_000_000)
  }

  @Test func saysBeforehandThatMemoryIsShort() throws {
    let result = try Program.run("info", Clip.small.path, "--memory-limit", "2M", "--strength", "0")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text.contains("this run would be refused"), "\(result.text)")
    #expect(result.text.contains("more than --memory-limit 2M"), "\(result.text)")
  }

  @Test func describesHighDynamicRange() throws {
    let folder = try ScratchFolder()
    let made = try Program.shell(
      """
      ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25:duration=0.2 -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le \
        -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -x265-params \
        'log-level=none:hdr10=1:repeat-headers=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400' h.mp4
      """, folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    let result = try Program.run("info", "h.mp4", "--strength", "0", folder: folder)
    #expect(result.text.contains("HDR10 (PQ), graded on a display of 1000 cd/m²"), "\(result.text)")
    #expect(result.text.contains("libx265, yuv420p10le") && !result.text.contains("  und  "), "\(result.text)")
    #expect(!result.text.contains("warning"), "\(result.text)")
  }

  @Test func saysBeforehandWhatWouldBeRefused() throws {
    let folder = try ScratchFolder()
    let made = try Program.shell(
      "ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25:duration=0.4 -vf setfield=tff -c:v libx264 -flags +ilme+ildct i.mp4",
      folder: folder)
    #expect(made.status == 0)
    let result = try Program.run("info", "i.mp4", "--strength", "0", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text.contains("interlaced"))
    #expect(result.text.contains("warning: "))
  }
}

@Suite struct ModelsTests {
  /// What the folder holds is what the program names: nothing else can be chosen.
  @Test func namesOnlyTheNetworksThatAreThere() throws {
    let folder = try ScratchFolder()
    for name in ["deep", "swift"] { try Data().write(to: folder.file("\(name).safetensors")) }
    for page in ["--help", "preview --help", "--generate-completion-script bash"] {
      let text = try Program.shell("VDEBLUR_RESOURCES=. $VDEBLUR \(page)", folder: folder).text
      #expect(text.contains("deep") && text.contains("swift"), "\(page): \(text)")
      #expect(!text.contains("paper"), "\(page): \(text)")
    }
    let refusal = try Program.shell(
      "VDEBLUR_RESOURCES=. $VDEBLUR '\(Clip.small.path)' -o out.mp4 -m paper", folder: folder)
    #expect(refusal.status == 2)
    #expect(refusal.errors.contains("choose deep or swift or a .safetensors file"), "\(refusal.errors)")
    let missing = try Program.shell("VDEBLUR_RESOURCES=. $VDEBLUR '\(Clip.small.path)' -o out.mp4", folder: folder)
    #expect(missing.status != 0 && missing.errors.contains("no model 'fast'"), "\(missing.errors)")
  }

  @Test func listsTheShippedNetworks() throws {
    let result = try Program.run("models")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text.contains("fast"))
    #expect(result.text.contains(/fast +\d+\.\d\d fps +about \d/), "people first: \(result.text)")
    #expect(!result.text.contains("kMAC"))
    #expect(try Program.run("models", "-v").text.contains("kMAC"))
    #expect(result.text.contains(/fast +moving [+-]\d+\.\d\d dB/), "measured quality: \(result.text)")
    #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "lines wider than a terminal")
    let json = try Program.run("models", "--json")
    let models = try #require(try JSONSerialization.jsonObject(with: json.output) as? [[String: Any]])
    let fast = try #require(models.first { $0["name"] as? String == "fast" })
    #expect((fast["parameters"] as? Int ?? 0) > 100_000)
    #expect((fast["multiplyAccumulatesPerPixel"] as? Int ?? 0) > 1000)
    #expect((fast["framesPerSecond720p"] as? Double ?? 0) > 0)
    let quality = try #require(fast["quality"] as? [String: [String: Double]])
    #expect(quality["moving"]?["gain"] != nil && quality["sharp"]?["output_psnr"] != nil)
  }
}
