package import Foundation

/// The folders of a target in the order in which data flows: what a folder declares is used in it and in later ones only.
///
/// Reads the sources as text. Seen are the types, functions and values at the top of files, and what an extension adds to a type of an earlier
/// folder; members of a folder's own types are out of reach without the type.
package struct FolderOrder {
  private struct Source {
    let name: String
    let folder: Int
    let lines: [Substring]
  }

  private enum Place: Hashable {
    case type, function, value, member
  }

  private let folders: [String]
  private let sources: [Source]

  package init(_ folders: [String], in target: URL) throws {
    self.folders = folders
    sources = try folders.enumerated().flatMap { index, folder in
      let files = try FileManager.default.contentsOfDirectory(atPath: target.appending(path: folder).path)
      return try files.filter { $0.hasSuffix(".swift") }.sorted().map { file in
        let text = try String(contentsOf: target.appending(path: folder).appending(path: file), encoding: .utf8)
        return Source(name: "\(folder)/\(file)", folder: index, lines: FolderOrder.code(of: text))
      }
    }
  }

  /// The folders that a target has.
  package static func folders(of target: URL) throws -> Set<String> {
    let entries = try FileManager.default.contentsOfDirectory(at: target, includingPropertiesForKeys: [.isDirectoryKey])
    return Set(
      try entries.filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
        .map(\.lastPathComponent).filter { !$0.hasSuffix(".docc") })
  }

  /// `FILE uses NAME of FOLDER` for every use of what a later folder declares.
  package func arrowsBack() -> [String] {
    let declared = declarations()
    var arrows: Set<String> = []
    for source in sources {
      for line in source.lines {
        for (name, isMember, isCall) in FolderOrder.uses(in: line) {
          for (place, folder) in declared[name] ?? [:] where folder > source.folder {
            let isMeant =
              switch place {
              case .type, .value: !isMember
              case .function: !isMember && isCall
              case .member: isMember
              }
            if isMeant { arrows.insert("\(source.name) uses \(name) of \(folders[folder])") }
          }
        }
      }
    }
    return arrows.sorted()
  }

  /// The identifiers of a line, except those that it declares as functions; whether each follows a dot, and whether it is called.
  private static func uses(in line: Substring) -> [(name: String, isMember: Bool, isCall: Bool)] {
    let bytes = Array(line.utf8)
    func isPart(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    var found: [(name: String, isMember: Bool, isCall: Bool)] = []
    var place = 0, isDeclared = false
    while place < bytes.count {
      guard isPart(bytes[place]) else {
        place += 1
        continue
      }
      let start = place
      while place < bytes.count, isPart(bytes[place]) { place += 1 }
      let name = String(decoding: bytes[start..<place], as: UTF8.self)
      let isMember = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
      if !isDeclared { found.append((name, isMember, place < bytes.count && bytes[place] == UInt8(ascii: "("))) }
      isDeclared = name == "func"
    }
    return found
  }

  /// By name: the first folder that declares it.
  private func declarations() -> [String: [Place: Int]] {
    var found: [String: [Place: Int]] = [:]
    func note(_ name: Substring, _ place: Place, _ folder: Int) {
      found[String(name), default: [:]][place] = min(found[String(name)]?[place] ?? folder, folder)
    }
    let words = /^(?:@\w+(?:\([^)]*\))? |public |internal |final |nonisolated\(unsafe\) |indirect |static |mutating )*/
    for source in sources {
      for line in source.lines {
        let rest = line.replacing(words, with: "", maxReplacements: 1)
        if let match = rest.prefixMatch(of: /(?:struct|class|enum|protocol|typealias|actor) (\w+)/) {
          note(match.output.1, .type, source.folder)
        } else if let match = rest.prefixMatch(of: /func (\w+)/) {
          note(match.output.1, .function, source.folder)
        } else if let match = rest.prefixMatch(of: /(?:let|var) (\w+)/) {
          note(match.output.1, .value, source.folder)
        }
      }
    }
    let types = found.compactMapValues { $0[.type] }
    for source in sources {
      var isForeign = false
      for line in source.lines {
        if let match = line.prefixMatch(of: /extension (\w+)/) {
          isForeign = types[String(match.output.1)].map { $0 < source.folder } ?? false
        } else if line.first.map({ $0 != " " && $0 != ")" && $0 != "{" && $0 != "#" }) ?? false {
          isForeign = false
        } else if isForeign, line.hasPrefix("  "), !line.hasPrefix("   ") {
          let rest = line.dropFirst(2).replacing(words, with: "", maxReplacements: 1)
          if let match = rest.prefixMatch(of: /(?:let|var|func|struct|class|enum|case) (\w+)/) {
            note(match.output.1, .member, source.folder)
          }
        }
      }
    }
    return found
  }

  /// Lines without comments.
  private static func code(of text: String) -> [Substring] {
    text.split(separator: "\n").map { line in line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line }
  }
}
