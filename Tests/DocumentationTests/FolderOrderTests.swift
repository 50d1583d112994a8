import Foundation
import TestSupport
import Testing

/// The folders of a target build on each other in the order in which docs/architecture.md lists them.
@Suite struct FolderOrderTests {
  @Test(arguments: ["VideoIO", "Deblur", "vdeblur"])
  func noArrowPointsBack(target: String) throws {
    let order = try Self.order(of: target)
    let sources = try FolderOrder.sources(below: Repository.root.appendingPathComponent("Sources/\(target)"))
    #expect(sources.count > 50 && order.folders.count > 5)
    #expect(order.unlisted(in: sources) == [], "docs/architecture.md does not list these folders")
    #expect(Set(order.folders).subtracting(sources.keys.map { FolderOrder.folder(of: $0) }).subtracting([""]) == [])
    #expect(order.arrowsBack(in: sources) == [])
  }

  /// The rows below `Sources/TARGET` that name folders with Swift; files beside the folders may use all of them.
  private static func order(of target: String) throws -> FolderOrder {
    let page = try String(contentsOfFile: Repository.path("docs/architecture.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").drop { !$0.hasPrefix("Sources/\(target) ") && $0 != "Sources/\(target)" }
      .dropFirst().prefix { $0.hasPrefix("  ") }
    return FolderOrder(
      rows.compactMap { $0.prefixMatch(of: /\s+(\w+)\//).map { String($0.output.1) } }.filter { $0 != "Resources" } + [
        ""
      ])
  }

  private static let order = FolderOrder(["Low", "High", ""])
  private static let high = """
    /// Low/A.swift may not know this.
    struct Tower {}
    func climb(_ tower: Tower) {}
    extension Stone {
      var weight: Int { 1 }
    }
    private struct Hidden {}
    """

  @Test(arguments: [
    ("func f() { climb(Tower()) }", ["Tower", "climb"]),
    ("let w = Stone().weight", ["Stone.weight"]),
    ("let s = \"as high as \\(climb(it)) and \\(\"\\(Tower())\")\"", ["Tower", "climb"]),
    ("// Tower\nlet s = \"Tower // \"; /* climb(it) */ let hidden = Hidden(), t = it.climb", []),
    ("let s = \"\"\"\n  Tower\n  \"\"\"", []),
    ("struct Scale {\n  var weight: Int\n}\nlet w = Scale(weight: 1).weight", []),
  ])
  func arrowsBackAreFound(low: String, names: [String]) {
    let found = Self.order.arrowsBack(in: [
      "Low/A.swift": "struct Stone {}\n" + low, "High/B.swift": Self.high,
      "C.swift": "struct Door { let tower: Tower }",
    ])
    #expect(found == names.map { "Low/A.swift uses \($0) of High" })
    #expect(Self.order.unlisted(in: ["Cellar/D.swift": ""]) == ["Cellar"])
  }
}
