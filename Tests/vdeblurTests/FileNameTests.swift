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
}
