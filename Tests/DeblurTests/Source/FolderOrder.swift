import Foundation

/// Finds uses of what a later folder declares in the files of an earlier one: arrows that point back.
///
/// It reads words, not types: top-level declarations, and members that an extension adds to a type of another folder. A name
/// that earlier folders declare too is left out, since a word does not tell which is meant.
struct FolderOrder {
  struct Arrow: Hashable, CustomStringConvertible {
    let file: String
    let name: String
    let folder: String

    var description: String { "\(file) uses \(name) of \(folder)" }
  }

  /// Folders in the order in which they may build on each other; "" holds the files beside them.
  let folders: [String]

  /// - Parameter sources: path below the target's folder → text.
  func arrowsBack(in sources: [String: String]) -> Set<Arrow> {
    let files = sources.map { File(path: $0.key, text: $0.value) }
    let ranks = Dictionary(uniqueKeysWithValues: folders.enumerated().map { ($1, $0) })
    func rank(_ file: File) -> Int { ranks[file.folder] ?? folders.count }
    var homes: [String: Int] = [:]  // of a name: the first folder that declares it at top level
    var members: [String: Int] = [:]  // the same of all that is declared deeper
    for file in files {
      for name in file.declared { homes[name] = min(homes[name] ?? .max, rank(file)) }
      for name in file.deeper { members[name] = min(members[name] ?? .max, rank(file)) }
    }
    var arrows: Set<Arrow> = []
    for file in files {
      func add(_ name: String, _ home: Int) {
        arrows.insert(
          Arrow(file: file.path, name: name, folder: home < folders.count ? folders[home] : "an unlisted folder"))
      }
      for name in file.words {
        if let home = homes[name], home > rank(file), members[name] ?? .max > rank(file) { add(name, home) }
      }
      for other in files where rank(other) > rank(file) {
        for (type, names) in other.extended where (homes[type] ?? -1) < rank(other) {
          for name in names where members[name] == rank(other) && homes[name] == nil && file.accessed.contains(name) {
            add("\(type).\(name)", rank(other))
          }
        }
      }
    }
    return arrows
  }

  /// Folders of the files that the order does not name.
  func unlisted(in sources: [String: String]) -> Set<String> {
    Set(sources.map { File(path: $0.key, text: $0.value).folder }).subtracting(folders)
  }

  /// All Swift files below a folder.
  static func sources(below folder: URL) throws -> [String: String] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    return try Dictionary(
      uniqueKeysWithValues: paths.map {
        ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
      })
  }

  /// What a file declares and which words it uses, comments and strings left out.
  private struct File {
    let path: String
    let folder: String
    let words: Set<String>
    /// Words behind a dot, or before a parenthesis.
    let accessed: Set<String>
    /// At top level, visible to other files.
    var declared: Set<String> = []
    /// Anywhere below that.
    var deeper: Set<String> = []
    /// Type → members that extensions at top level add to it.
    var extended: [String: Set<String>] = [:]

    init(path: String, text: String) {
      self.path = path
      folder = path.contains("/") ? String(path.prefix { $0 != "/" }) : ""
      let comment = /\/\*(?s:.*?)\*\/|\/\/[^\n]*|"""(?s:.*?)"""|"(?:\\.|[^"\\\n])*"/
      let code = text.replacing(comment, with: " ")
      words = Set(code.matches(of: /\w+/).map { String($0.output) })
      accessed = Set(
        code.matches(of: /\.(\w+)/).map { String($0.output.1) }
          + code.matches(of: /(\w+)\(/).map { String($0.output.1) })
      var type: String?
      for line in code.split(separator: "\n") {
        if let match = line.firstMatch(of: /^extension (\w+)/) { type = String(match.output.1) }
        if line.hasPrefix("}") { type = nil }
        let declaration = /^( *)((?:[\w@()]+ )*?)(struct|class|enum|protocol|actor|typealias|func|let|var|case) `?(\w+)/
        guard let match = line.firstMatch(of: declaration) else { continue }
        let (_, indentation, modifiers, _, name) = match.output
        if indentation.isEmpty {
          if !modifiers.contains("private") { declared.insert(String(name)) }
        } else {
          deeper.insert(String(name))
          if let type, indentation.count == 2, !modifiers.contains("private") {
            extended[type, default: []].insert(String(name))
          }
        }
      }
    }
  }
}
