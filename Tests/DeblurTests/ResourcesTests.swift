import Foundation
import TestSupport
import Testing

@testable import Deblur

@Suite struct ResourcesTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = try ScratchFolder()
    try withExtendedLifetime(folder) { try body(folder.url) }
  }

  @Test(arguments: ["bin/vdeblur_Deblur.resources/Resources", "share/vdeblur"])
  func weightsLieBesideTheProgramOrUnderShare(_ place: String) throws {
    try withFolder { root in
      let folder = root.appendingPathComponent(place)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let found = try Resources.folder(environment: [:], program: root.appendingPathComponent("bin/vdeblur"))
      #expect(found.standardizedFileURL.path == folder.standardizedFileURL.path)
    }
  }

  @Test func theEnvironmentsFolderGoesBeforeAllOthersAndAlone() throws {
    try withFolder { root in
      let program = root.appendingPathComponent("bin/vdeblur")
      try FileManager.default.createDirectory(
        at: root.appendingPathComponent("share/vdeblur"), withIntermediateDirectories: true)
      let found = try Resources.folder(environment: ["VDEBLUR_RESOURCES": root.path], program: program)
      #expect(found.standardizedFileURL.path == root.standardizedFileURL.path)
      #expect(throws: DeblurError.noResources(searched: ["/nonexistent"])) {
        try Resources.folder(environment: ["VDEBLUR_RESOURCES": "/nonexistent"], program: program)
      }
    }
  }

  @Test func aMissingFolderIsOneClearLine() throws {
    do {
      _ = try Resources.folder(environment: [:], program: URL(fileURLWithPath: "/nonexistent/bin/vdeblur"))
      Issue.record("found a folder")
    } catch {
      #expect(error.description.contains("/nonexistent/share/vdeblur"))
      #expect(error.description.contains("VDEBLUR_RESOURCES"))
      #expect(!error.description.contains("\n"))
    }
  }

  @Test func modelsAreListedByNameAndOtherFilesRefused() throws {
    try withFolder { root in
      try TinyModel.file().write(to: root.appendingPathComponent("b.safetensors"))
      try TinyModel.file("tiny-ppm").write(to: root.appendingPathComponent("a.safetensors"))
      try Data().write(to: root.appendingPathComponent("README"))
      let models = try Model.weights(in: root).map { try ModelDescription(contentsOf: $0) }
      #expect(models.map(\.name) == ["tiny-ppm", "tiny"])
    }
  }

  @Test func everyShippedModelLoads() throws {
    for model in try Deblurrer.bundled() {
      let deblurrer = try Deblurrer(model: .file(model.url))
      #expect(deblurrer.model.name == model.url.deletingPathExtension().lastPathComponent)
    }
  }

  @Test func anArgumentIsTheNameOfAModelOrAPath() throws {
    #expect(try Model.shippedNames == Deblurrer.bundled().map(\.name))
    #expect(Model("other", shipped: ["fast", "other"]) == .shipped("other"))
    #expect(Model("other", shipped: ["fast"]) == .file(URL(fileURLWithPath: "other")))
    #expect(Model("fast") == .fast && Model("fast", shipped: []) == .fast)
    #expect(Model("dir/my.safetensors") == .file(URL(fileURLWithPath: "dir/my.safetensors")))
  }
}
