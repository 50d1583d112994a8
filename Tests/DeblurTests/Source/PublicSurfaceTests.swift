import Foundation
import TestSupport
import Testing

@Suite struct PublicSurfaceTests {
  private static let folder = Repository.root.appending(path: "Sources/Deblur")

  @Test func theDocumentationListsEveryPublicTypeAndNoOther() throws {
    let code = try FolderOrder.sources(below: Self.folder).values.joined(separator: "\n")
    let declared = code.matches(of: /(?m)^public (?:final |indirect )?\w+ (\w+)/).map { String($0.output.1) }.filter {
      $0 != "Foundation"
    }
    let page = try String(contentsOf: Self.folder.appendingPathComponent("Deblur.docc/Deblur.md"), encoding: .utf8)
    let listed = page.matches(of: /(?m)^- ``(\w+)``/).map { String($0.output.1) }
    #expect(declared.sorted() == listed.sorted())
  }

  @Test func noBarePointers() throws {
    for (path, text) in try FolderOrder.sources(below: Self.folder) {
      let exposed = text.matches(
        of: /public (?:[^\n]*\b(?:let|var) [^\n{=]*|[^\n]*\b(?:func|init|subscript)\b[^{\/]*)\bUnsafe\w*/
      ).map { String($0.output) }
      #expect(exposed == [], "\(path)")
    }
  }
}
