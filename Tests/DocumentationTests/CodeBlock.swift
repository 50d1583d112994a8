import Foundation
import TestSupport

/// A fenced block of a Markdown page, marked with its language.
struct CodeBlock: CustomStringConvertible, Sendable {
  let page: String
  let line: Int
  let script: String

  var description: String { "\(page):\(line)" }

  /// The blocks of README.md and docs/ that call the program.
  static let commands: [CodeBlock] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: Repository.path("docs"))) ?? []
    let pages = ["README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    return pages.flatMap { blocks(of: $0, marked: "sh") }.filter {
      $0.script.contains(/(^|[\s(|])vdeblur\s/.anchorsMatchLineEndings())
    }
  }()

  static func blocks(of page: String, marked language: String) -> [CodeBlock] {
    let text = (try? String(contentsOfFile: Repository.path(page), encoding: .utf8)) ?? ""
    var blocks: [CodeBlock] = []
    var open: (line: Int, script: String)?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let block = open {
        if line == "```" {
          blocks.append(CodeBlock(page: page, line: block.line, script: block.script))
          open = nil
        } else {
          open = (block.line, block.script + line + "\n")
        }
      } else if line == "```\(language)" {
        open = (index + 1, "")
      }
    }
    return blocks
  }
}
