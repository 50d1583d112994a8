import Foundation
import TestSupport
import Testing

@testable import vdeblur

/// What is said of a clip beforehand, from what was found in it.
@Suite struct ExpectationTests {
  private func survey(_ changes: [Double], isWhole: Bool = true) -> Survey {
    let findings = changes.enumerated().map { FrameProbe.Finding(time: Double($0), motion: 1, change: $1) }
    return Survey(findings: findings, isWhole: isWhole, cuts: [], span: 0...Double(changes.count))
  }

  @Test func sharesBecomeWords() throws {
    let still = try #require(Expectation(survey([Double](repeating: 0.5, count: 40))))
    #expect(still.visibleShare == 0 && still.strongest == nil)
    #expect(still.words.hasPrefix("no motion blur to speak of"))
    var changes = [Double](repeating: 1, count: 40)
    changes[20] = 9
    let hardly = try #require(Expectation(survey(changes)))
    #expect(hardly.words.hasPrefix("hardly any motion blur: 3 % of the frames"), "\(hardly.words)")
    for index in 10..<35 { changes[index] = 30 }
    let strong = try #require(Expectation(survey(changes)))
    #expect(strong.words.hasPrefix("strong blur in 63 % of the frames"), "\(strong.words)")
    #expect(try #require(Expectation(survey([7, 7, 7, 7, 1, 1]))).words.hasPrefix("some motion blur: 67 %"))
    #expect(Expectation(survey([])) == nil)
    // A share of frames that were not all looked at has no more digits than are known of it.
    let sampled = try #require(Expectation(survey([7, 7, 7, 7, 1, 1], isWhole: false)))
    #expect(sampled.words.hasPrefix("some motion blur: about 65 % of"), "\(sampled.words)")
    #expect(try #require(Expectation(survey(changes, isWhole: false))).words.hasPrefix("strong blur in about 65 %"))
  }

  @Test func theStrongestStretchIsFound() throws {
    var changes = [Double](repeating: 2, count: 60)
    for index in 40..<45 { changes[index] = 20 }
    let survey = survey(changes)
    let stretch = try #require(Expectation(survey)?.strongest)
    #expect(stretch.start >= 38.5 && stretch.end <= 46.5)
    #expect((39.5...42.5).contains(survey.strongest(lasting: 3)))
    // Never beyond the end, never before the beginning.
    changes = [9, 1, 1, 1, 1, 1]
    #expect(self.survey(changes).strongest(lasting: 3) == 0)
    #expect(self.survey(changes.reversed()).strongest(lasting: 3) == 3)
  }

  @Test func momentsLieApart() {
    var changes = [Double](repeating: 1, count: 36)
    for (index, value) in [(3, 8.0), (4, 9), (5, 8), (20, 7), (30, 6)] { changes[index] = value }
    #expect(survey(changes).strongest(count: 3).map(\.time) == [4, 20, 30])
  }
}

@Suite(.serialized) struct SurveyTests {
  /// 4 s of grey, then 2 s in which all moves by 8 pixels a frame while the shutter is open.
  private static let lateMotion = Clip(
    "late motion", "late-motion.mp4",
    "ff -f lavfi -i color=gray:size=96x64:rate=10:duration=4 -f lavfi -i testsrc2=size=96x64:rate=80:duration=2 "
      + "-filter_complex '[1]scroll=horizontal=0.01,tmix=frames=8,fps=10[m];[0][m]concat' -c:v libx264 -pix_fmt yuv420p $OUT"
  )

  @Test func aPreviewBeginsWhereMostWouldChange() throws {
    let folder = try ScratchFolder()
    let result = try Program.run("preview", Self.lateMotion.path, "-t", "1", "-o", "look.mp4", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let begins = try #require(result.errors.firstMatch(of: /the preview begins at ([0-9.]+)/), "\(result.errors)")
    #expect((3.4...5).contains(try #require(Double(begins.1))), "\(result.errors)")
    #expect(result.errors.contains("--start 0"))
    #expect(result.errors.contains("motion blur"), "\(result.errors)")
  }

  @Test func infoSaysWhatToExpect() throws {
    let text = try Program.run("info", Self.lateMotion.path).text
    #expect(text.contains("\nexpect:  "), "\(text)")
    let json = try Program.run("info", Self.lateMotion.path, "--json")
    let page = try #require(try JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    let expected = try #require(page["expectation"] as? [String: Any])
    let share = try #require(expected["visibleShare"] as? Double)
    let findings = try #require(expected["findings"] as? [[String: Double]])
    #expect(findings.count >= 16 && findings.allSatisfy { Set($0.keys) == ["time", "motion", "change"] })
    #expect(share == Double(findings.count { $0["change"]! >= 6 }) / Double(findings.count))
    // At rest nothing changes; what moves does.
    #expect(findings.filter { $0["time"]! < 3.8 }.allSatisfy { $0["change"]! < 1 })
    #expect(findings.contains { $0["time"]! > 4.2 && $0["change"]! > 2 })
    #expect(!(try Program.run("info", Self.lateMotion.path, "--strength", "0").text.contains("expect:")))
  }

  @Test func thePageStandsAlone() throws {
    let folder = try ScratchFolder()
    let made = try Program.run("preview", Self.lateMotion.path, "--page", "look.html", folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    #expect(folder.contents == ["look.html"])
    let page = try String(contentsOf: folder.file("look.html"), encoding: .utf8)
    #expect(!page.contains("http") && !page.contains("<link") && !page.contains("src=\"/"), "something is fetched")
    let pictures = page.matches(of: /src="data:image\/(jpeg|png);base64,([^"]+)"/)
    let sections = page.matches(of: /<section id="moment-(\d+)">/).count
    #expect(sections >= 1 && pictures.count == 4 * sections)
    for picture in pictures {
      let bytes = try #require(Data(base64Encoded: String(picture.2)))
      #expect(bytes.starts(with: picture.1 == "png" ? [0x89, 0x50] : [0xFF, 0xD8]))
    }
    for number in 1...sections { #expect(page.contains("href=\"#moment-\(number)\"")) }
    // The grey scene ends at 4 s: a line in each of the two plots.
    #expect(page.matches(of: /class="cut"/).count == 2, "\(made.errors)")
    #expect(page.contains("Looked at all 60 frames; 1 cut"), "\(made.errors)")
    let again = try Program.run("preview", Self.lateMotion.path, "--page", "look.html", folder: folder)
    #expect(again.status == 4 && again.errors.contains("-y"), "\(again.errors)")
  }

  /// In a browser: every picture shows, the slider follows pointer and keys.
  @Test(.enabled { (try? Program.shell("command -v chromium"))?.status == 0 })
  func theSliderMovesInABrowser() throws {
    let folder = try ScratchFolder()
    let made = try Program.run("preview", Self.lateMotion.path, "--page", "look.html", folder: folder)
    #expect(made.status == 0, "\(made.errors)")
    let page = folder.file("look.html")
    let html = try String(contentsOf: page, encoding: .utf8)
    let check = """
      <script>
      addEventListener('load', () => {
        const pair = document.querySelector('.pair'), box = pair.getBoundingClientRect();
        const edge = () => getComputedStyle(pair.querySelector('.after')).clipPath;
        const at = share => ({ clientX: box.left + share * box.width, clientY: box.top + 5, pointerId: 1, bubbles: true });
        const seen = [edge()];
        try { pair.dispatchEvent(new PointerEvent('pointerdown', at(0.25))); } catch {}
        seen.push(edge());
        pair.dispatchEvent(new PointerEvent('pointermove', at(0.75)));
        seen.push(edge());
        const slider = pair.querySelector('input');
        // A finger moves the line when it is drawn across or lifted, not when it begins to scroll the page.
        const touch = (kind, share) =>
          pair.dispatchEvent(new PointerEvent(kind, { ...at(share), pointerType: 'touch' }));
        pair.dispatchEvent(new PointerEvent('pointerup', at(0.75)));
        try { touch('pointerdown', 0.4); } catch {}
        touch('pointercancel', 0.4);
        touch('pointermove', 0.4);
        seen.push(edge());
        try { touch('pointerdown', 0.4); } catch {}
        touch('pointerup', 0.4);
        seen.push(edge());
        slider.value = 10; slider.dispatchEvent(new Event('input'));
        seen.push(edge());
        const shown = [...document.images].every(image => image.complete && image.naturalWidth > 0);
        document.title = [shown, document.activeElement === slider, innerWidth >= document.body.scrollWidth, ...seen].join(';');
      });
      </script></body>
      """
    try html.replacing("</body>", with: check).write(to: page, atomically: true, encoding: .utf8)
    for width in [1440, 500] {
      let seen = try Program.shell(
        "timeout 90 chromium --headless --no-sandbox --disable-gpu --window-size=\(width),900 --dump-dom 'file://\(page.path)' 2>/dev/null",
        folder: folder)
      let title = try #require(seen.text.firstMatch(of: /<title>([^<]*)<\/title>/), "\(seen.errors)").1
      let facts = title.split(separator: ";").map(String.init)
      #expect(facts.prefix(3) == ["true", "true", "true"], "pictures, focus, width: \(title)")
      for (fact, place) in zip(facts.dropFirst(3), ["50%", "25%", "75%", "75%", "40%", "10%"]) {
        #expect(fact.hasSuffix(" \(place))"), "\(title)")
      }
    }
  }

  @Test(arguments: [
    (["--page", "look.txt"], ".html"), (["--page", "look.html", "-o", "x.mp4"], "leave --frame"),
    (["--page", "look.html", "--frame", "1"], "leave --frame"),
  ])
  func aPageIsAResultOfItsOwn(arguments: [String], words: String) throws {
    let result = try Program.run(["preview", Clip.small.path] + arguments)
    #expect(result.status == 2 && result.errorLines.count == 1)
    #expect(result.errors.contains(words), "\(result.errors)")
  }
}
