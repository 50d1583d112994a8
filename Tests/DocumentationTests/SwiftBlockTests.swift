import Foundation
import TestSupport
import Testing

/// The Swift that README.md and the libraries' pages show compiles against the libraries as they are.
@Suite struct SwiftBlockTests {
  /// What the pages leave to the reader.
  private static let around = """
    import Deblur
    import VideoDeblur
    import VideoIO
    let clip: [(Tensor, Double)] = []
    func show(_ picture: Tensor, at time: Double) {}
    func filtered(_ frame: Frame) -> Frame { frame }
    """

  private static let blocks: [CodeBlock] = {
    let pages = ["README.md"] + ["Deblur", "VideoIO", "VideoDeblur"].map { "Sources/\($0)/\($0).docc/\($0).md" }
    // A line of a package's manifest is none of a program.
    return pages.flatMap { CodeBlock.blocks(of: $0, marked: "swift") }.filter { !$0.script.hasPrefix(".package") }
  }()

  @Test func everyPageIsCovered() { #expect(Set(Self.blocks.map(\.page)).count == 4) }

  @Test(arguments: blocks)
  func compiles(_ block: CodeBlock) throws {
    let folder = try ScratchFolder()
    try "\(Self.around)\n\(block.script)".write(to: folder.file("main.swift"), atomically: true, encoding: .utf8)
    let built = URL(fileURLWithPath: Program.builtFolder)
    let maps = [
      Repository.path("Sources/COpenBLAS/module.modulemap"), Repository.path("Sources/CFFmpeg/module.modulemap"),
      built.appendingPathComponent("CKernels.build/module.modulemap").path,
    ].map { "-Xcc '-fmodule-map-file=\($0)'" }.joined(separator: " ")
    let result = try Program.shell(
      "swiftc -typecheck -swift-version 6 -module-cache-path cache -I '\(built.path)/Modules' \(maps) "
        + "$(pkg-config --cflags libavformat openblas) main.swift", folder: folder)
    #expect(result.status == 0, "\(block): \(result.errors)")
  }
}
