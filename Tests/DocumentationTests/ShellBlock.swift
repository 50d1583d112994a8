import Foundation
import TestSupport

/// A fenced block of a Markdown page that is marked `sh`.
struct ShellBlock: CustomStringConvertible, Sendable {
  let page: String
  let line: Int
  let script: String

  var description: String { "\(page):\(line)" }

  /// The blocks of README.md and docs/ that call the program.
  static let all: [ShellBlock] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: Repository.path("docs"))) ?? []
    let pages = ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    return pages.flatMap(blocks).filter { $0.script.contains(/(^|[\s(|])vdeblur\s/.anchorsMatchLineEndings()) }
  }()

  private static func blocks(of page: String) -> [ShellBlock] {
    let text = (try? String(contentsOfFile: Repository.path(page), encoding: .utf8)) ?? ""
    var blocks: [ShellBlock] = []
    var open: (line: Int, script: String)?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let block = open {
        if line == "```" {
          blocks.append(ShellBlock(page: page, line: block.line, script: block.script))
          open = nil
        } else {
          open = (block.line, block.script + line + "\n")
        }
      } else if line == "```sh" {
        open = (index + 1, "")
      }
    }
    return blocks
  }
}
