import Foundation
import TestSupport
import Testing

/// What the system accepts as a name, the program reads and writes.
@Suite struct FileNameTests {
  @Test func namesThatAreNoText() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      mkdir $'d\\xe9' && cp '\(Clip.small.path)' $'d\\xe9/caf\\xe9.mp4' && \
      $VDEBLUR $'d\\xe9/caf\\xe9.mp4' -o $'out\\xff.mkv' --strength 0 --verify --progress $'p\\xfe' && \
      test -s $'out\\xff.mkv' && test -s $'p\\xfe' && test "$(ls | wc -l)" = 3 && \
      $VDEBLUR compare $'d\\xe9/caf\\xe9.mp4' $'out\\xff.mkv' --json | python3 -c 'import json, sys; json.load(sys.stdin)'
      """, folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("verified"))
    let missing = try Program.shell(
      "$VDEBLUR info $'no\\xe9ne.mp4' 2>&1 | grep -c $'no\\xe9ne.mp4: no such file'", folder: folder)
    #expect(missing.text == "1\n")
  }

  @Test func namesAsLongAsTheSystemAllows() throws {
    let folder = try ScratchFolder()
    let (input, output) = (String(repeating: "a", count: 251) + ".mp4", String(repeating: "ä", count: 125) + "b.mkv")
    try FileManager.default.copyItem(atPath: Clip.small.path, toPath: folder.path(input))
    let result = try Program.run(input, "-o", output, "--strength", "0", "--verify", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let preview = try Program.run("preview", input, "--strength", "0", folder: folder)
    #expect(preview.status == 0, "\(preview.errors)")
    let names = folder.contents
    #expect(names.count == 3 && names.contains(output) && names.allSatisfy { !$0.contains(".part") }, "\(names)")
    let tooLong = try Program.run(input, "-o", "c" + output, "--strength", "0", folder: folder)
    #expect(tooLong.status == 4 && tooLong.errorLines.count == 1, "\(tooLong.errors)")
  }

  /// Tables are for terminals too: what such names hold is shown there, and never obeyed. U+10FF9B is the character that
  /// stands for the byte 0x9B in a name.
  @Test func namesAreTextToTheTerminal() throws {
    let folder = try ScratchFolder()
    let clips = #"$'a\e[31m.mp4' $'c\x9b31m\xe9\xf4\x8f\xbe\x9b.mp4'"#
    let result = try Program.shell(
      """
      for name in \(clips); do cp '\(Clip.small.path)' "$name"; done; \
      $VDEBLUR *.mp4 -O out --strength 0 2>&1; $VDEBLUR *.mp4 -O elsewhere --dry-run --strength 0; \
      $VDEBLUR compare \(clips); $VDEBLUR compare out/a* \(clips); \
      $VDEBLUR plan a*.mp4 -o $'o\\e\\x9b.mkv' --work w --strength 0 2>&1; $VDEBLUR status w
      """, folder: folder)
    #expect(result.status == 0)
    let page = [UInt8](result.output)
    #expect(!page.contains(0x1B))
    // As the last byte of the character alone.
    let character: [UInt8] = [0xF4, 0x8F, 0xBE, 0x9B]
    let places = page.indices.filter { page[$0] == 0x9B }
    #expect(places.count >= 6 && places.allSatisfy { $0 >= 3 && Array(page[($0 - 3)...$0]) == character })
    let lines = page.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    for line in [
      /vdeblur: 2 done, 0 skipped, 0 failed/, /clip +result/,
      /a\\u\{1B\}\[31m\.mp4 +out\/a\\u\{1B\}\[31m\.mp4, 8 frames in .*/,
      /a\\u\{1B\}\[31m\.mp4 against c\\x9B31m.*/, /after: +c\\x9B31m.*/, /.*\/o\\u\{1B\}\\x9B\.mkv: 0 of 1 part,.*/,
    ] {
      #expect(lines.contains { $0.wholeMatch(of: line) != nil }, "\(lines.joined(separator: "\n"))")
    }
  }
}
