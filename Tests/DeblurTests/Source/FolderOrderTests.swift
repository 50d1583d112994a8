import Foundation
import TestSupport
import Testing

@Suite("The folders of Sources/Deblur build on each other in one order")
struct FolderOrderTests {
  static let order = FolderOrder(folders: [
    "Errors", "Tensor", "Metrics", "Kernels", "Weights", "Configuration", "Layers", "Flow", "Alignment", "Restoration",
    "Scenes",
    "Network", "Models", "",
  ])

  @Test func noArrowPointsBack() throws {
    let sources = try FolderOrder.sources(below: Repository.root.appendingPathComponent("Sources/Deblur"))
    #expect(sources.count > 50)
    #expect(Self.order.unlisted(in: sources).isEmpty)
    #expect(Self.order.arrowsBack(in: sources).map(\.description).sorted() == [])
  }

  @Test func anArrowBackIsFound() {
    let order = FolderOrder(folders: ["Low", "High", ""])
    let high = """
      /// Low/A.swift may not know this.
      struct Tower {}
      func climb(_ tower: Tower) {}
      extension Stone {
        var weight: Int { 1 }
      }
      private struct Hidden {}
      """
    func arrows(_ low: String) -> [String] {
      order.arrowsBack(in: [
        "Low/A.swift": "struct Stone {}\n" + low, "High/B.swift": high, "C.swift": "struct Door { let tower: Tower }",
      ])
      .map(\.description).sorted()
    }
    #expect(
      arrows("func f() { climb(Tower()) }") == ["Low/A.swift uses Tower of High", "Low/A.swift uses climb of High"])
    #expect(arrows("let w = Stone().weight") == ["Low/A.swift uses Stone.weight of High"])
    #expect(arrows("// Tower\nlet s = \"Tower\"\nlet hidden = Hidden()") == [])
    #expect(arrows("struct Scale {\n  var weight: Int\n}\nlet w = Scale(weight: 1).weight") == [])
    #expect(order.unlisted(in: ["Cellar/D.swift": ""]) == ["Cellar"])
  }
}
