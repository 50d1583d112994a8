import Foundation
import TestSupport
import Testing

/// Standard input and output.
@Suite struct PipeTests {
  @Test func pictureAndSoundGoThroughAPipe() throws {
    let result = try Program.shell(
      "cat '\(Clip.small.path)' | $VDEBLUR - -o - -f matroska | ffprobe -v error -show_entries stream=codec_type -of csv=p=0 -"
    )
    #expect(result.text.split(separator: "\n") == ["video", "audio"], "\(result.errors)")
  }

  @Test(arguments: ["matroska", "nut", "mpegts", "fmp4"])
  func everyPipeFormatKeepsTheTimes(format: String) throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "cat '\(Clip.small.path)' | $VDEBLUR - -o - -f \(format) --strength 0 > out", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let times = try Probe.frameTimes(folder.path("out"))
    let source = try Probe.frameTimes(Clip.small.path)
    #expect(times.count == source.count)
    // mpegts starts its clock where it likes; the distances must stay.
    for (a, b) in zip(times, source) { #expect(abs((a - times[0]) - (b - source[0])) < 0.0011) }
  }

  @Test func y4mSaysWhatItLoses() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "$VDEBLUR '\(Clip.small.path)' -o - -f yuv4mpegpipe --strength 0 > out.y4m", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("audio"))
    #expect(try Probe.pictures(folder.path("out.y4m")) == Probe.pictures(Clip.small.path))
  }

  @Test func plainMp4IntoAPipeIsRefusedWithARemedy() throws {
    let result = try Program.shell(
      "$VDEBLUR '\(Clip.small.path)' -o - -f mp4 --strength 0 | wc -c; exit ${PIPESTATUS[0]}")
    #expect(result.status != 0)
    #expect(result.errors.contains("matroska"))
    #expect(result.text.trimmingCharacters(in: .whitespacesAndNewlines) == "0")
  }

  @Test func aReaderThatLeavesEndsItQuietly() throws {
    let result = try Program.shell(
      "$VDEBLUR '\(Clip.long.path)' -o - -f matroska -q --strength 0 | head -c 1000 > /dev/null; exit ${PIPESTATUS[0]}")
    #expect(result.status == 141)
    #expect(result.errors.isEmpty, "\(result.errors)")
  }

  /// `while read` loops survive: nothing reads standard input unless asked.
  @Test func standardInputStaysUntouched() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      printf 'a\\nb\\nc\\n' | while read -r name; do
        $VDEBLUR '\(Clip.small.path)' -o "$name.mp4" -q --strength 0
      done
      """, folder: folder)
    #expect(result.status == 0)
    #expect(folder.contents == ["a.mp4", "b.mp4", "c.mp4"])
  }
}
