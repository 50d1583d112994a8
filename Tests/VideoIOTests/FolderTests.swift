import Foundation
import TestSupport
import Testing

/// The folders of VideoIO follow the data.
@Suite struct FolderTests {
  private static let target = Repository.root.appending(path: "Sources/VideoIO")
  private static let folders = [
    "FFmpeg", "Media", "Bytes", "Reading", "Pixels", "Planning", "Writing", "Parts", "Verification",
  ]

  @Test func everyFolderHasItsPlace() throws {
    #expect(try FolderOrder.folders(of: FolderTests.target) == Set(FolderTests.folders))
  }

  @Test func noArrowGoesBack() throws {
    #expect(try FolderOrder(FolderTests.folders, in: FolderTests.target).arrowsBack() == [])
  }

  @Test func arrowsBackAreSeen() throws {
    let folder = try ScratchFolder()
    defer { withExtendedLifetime(folder) {} }
    let target = folder.url
    for (file, text) in [
      "Early/Door.swift": """
      /// Leads to ``House``, which is only said.
      struct Door {
        func open() { let house = House(); build(); house.wall(); _ = self.colour }
        func build() {}
      }
      """,
      "Late/House.swift": """
      public final class House { func wall() {} }
      func build() {}
      private func open() { _ = Door() }
      extension Door {
        var colour: Int { 1 }
      }
      """,
    ] {
      let place = target.appending(path: file)
      try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place)
    }
    let arrows = try FolderOrder(["Early", "Late"], in: target).arrowsBack()
    #expect(
      arrows == [
        "Early/Door.swift uses House of Late", "Early/Door.swift uses build of Late",
        "Early/Door.swift uses colour of Late",
      ])
    #expect(try FolderOrder(["Late", "Early"], in: target).arrowsBack() == ["Late/House.swift uses Door of Early"])
  }
}
