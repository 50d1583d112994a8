import TestSupport
import Testing

/// Under a limit of addresses (`ulimit -v`) the program does its work or says why not, within seconds; it never waits for ever.
@Suite struct AddressLimitTests {
  @Test(arguments: [350, 500, 700, 1000, 1500, 4000])
  func worksOrRefuses(megabytes: Int) throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "ulimit -v \(megabytes * 1000); $VDEBLUR '\(Clip.small.path)' -o out.mp4 --threads 1", folder: folder, seconds: 60
    )
    if result.status == 0 {
      #expect(folder.contents == ["out.mp4"])
    } else {
      #expect(result.status == 1, "\(result.errors)")
      #expect(result.errorLines.count == 1 && result.errors.contains("ulimit -v"), "\(result.errors)")
      #expect(folder.contents.isEmpty)
    }
    if megabytes >= 4000 { #expect(result.status == 0, "\(result.errors)") }
  }
}
