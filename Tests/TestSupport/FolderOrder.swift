package import Foundation

/// The order of a target's folders: what a folder declares is used in it and in later ones only. Finds the arrows that
/// point back.
///
/// It reads words, not types: what stands at the top of files, and members that an extension adds to a type of an earlier
/// folder. A name that earlier folders declare too is left out, since a word does not tell which is meant.
package struct FolderOrder: Sendable {
  /// Folders in their order; "" holds the files beside them.
  package let folders: [String]

  package init(_ folders: [String]) { self.folders = folders }

  /// `FILE uses NAME of FOLDER` for every use of what a later folder declares.
  /// - Parameter sources: path below the target's folder → text.
  package func arrowsBack(in sources: [String: String]) -> [String] {
    let files = sources.map { SourceFile(path: $0.key, text: $0.value) }
    func rank(_ file: SourceFile) -> Int { folders.firstIndex(of: file.folder) ?? folders.count }
    var homes: [String: Int] = [:]  // of a name: the first folder that declares it at the top
    var members: [String: Int] = [:]  // the same of all that is declared deeper
    for file in files {
      for name in file.declared { homes[name] = min(homes[name] ?? .max, rank(file)) }
      for name in file.deeper { members[name] = min(members[name] ?? .max, rank(file)) }
    }
    var arrows: Set<String> = []
    for file in files {
      func add(_ name: String, _ home: Int) {
        arrows.insert("\(file.path) uses \(name) of \(home < folders.count ? folders[home] : "an unlisted folder")")
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
    return arrows.sorted()
  }

  /// Folders with files that the order does not name.
  package func unlisted(in sources: [String: String]) -> Set<String> {
    Set(sources.keys.map(FolderOrder.folder)).subtracting(folders)
  }

  /// The first folder of a path below the target's; "" for none.
  package static func folder(of path: String) -> String {
    path.contains("/") ? String(path.prefix { $0 != "/" }) : ""
  }

  /// All Swift files below a folder.
  package static func sources(below folder: URL) throws -> [String: String] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
    return try Dictionary(
      uniqueKeysWithValues: paths.map {
        ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
      })
  }
}
