/// What a Swift file declares and which words it uses, comments and strings left out but for what strings interpolate.
struct SourceFile {
  let path: String
  /// The first folder of the path; "" for none.
  let folder: String
  /// Words that follow no dot.
  let words: Set<String>
  /// Words that follow a dot, or are called.
  let accessed: Set<String>
  /// At the top, visible to other files.
  private(set) var declared: Set<String> = []
  /// Anywhere below that.
  private(set) var deeper: Set<String> = []
  /// Type → members that extensions at the top add to it.
  private(set) var extended: [String: Set<String>] = [:]

  init(path: String, text: String) {
    self.path = path
    folder = FolderOrder.folder(of: path)
    let code = SourceFile.code(of: text)
    words = Set(code.matches(of: /(\.)?\b([A-Za-z_]\w*)/).filter { $0.output.1 == nil }.map { String($0.output.2) })
    accessed = Set(
      code.matches(of: /\.(\w+)/).map { String($0.output.1) } + code.matches(of: /(\w+)\(/).map { String($0.output.1) })
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

  /// The text without comments and strings, line by line. Works on bytes, since tests are not optimised.
  static func code(of text: String) -> String {
    enum Place {
      case code(parentheses: Int)
      case string(isLong: Bool)
      case lineComment, comment
    }
    let bytes = Array(text.utf8)
    var code: [UInt8] = []
    var places = [Place.code(parentheses: 0)]
    var at = 0
    func takes(_ word: StaticString) -> Bool {
      let count = word.utf8CodeUnitCount
      guard at + count <= bytes.count else { return false }
      for i in 0..<count where bytes[at + i] != word.utf8Start[i] { return false }
      at += count
      return true
    }
    while at < bytes.count {
      let next = bytes[at]
      let isLineEnd = next == UInt8(ascii: "\n")
      switch places[places.count - 1] {
      case .code(let depth):
        if takes("//") {
          places.append(.lineComment)
        } else if takes("/*") {
          places.append(.comment)
        } else if takes("\"\"\"") {
          places.append(.string(isLong: true))
        } else if takes("\"") {
          places.append(.string(isLong: false))
        } else if depth == 0, places.count > 1, takes(")") {
          places.removeLast()
        } else {
          if next == UInt8(ascii: "(") { places[places.count - 1] = .code(parentheses: depth + 1) }
          if next == UInt8(ascii: ")") { places[places.count - 1] = .code(parentheses: max(0, depth - 1)) }
          code.append(next)
          at += 1
        }
      case .string(let isLong):
        if takes("\\(") {
          code.append(UInt8(ascii: " "))
          places.append(.code(parentheses: 0))
        } else if next == UInt8(ascii: "\\") {
          at += 2
        } else if isLong ? takes("\"\"\"") : takes("\"") {
          code.append(UInt8(ascii: " "))
          places.removeLast()
        } else {
          if isLineEnd { code.append(next) }
          // What looked like a string was a regular expression: it ends with its line.
          if isLineEnd, !isLong { places = [.code(parentheses: 0)] }
          at += 1
        }
      case .lineComment:
        if isLineEnd { places.removeLast() } else { at += 1 }
      case .comment:
        if takes("*/") {
          places.removeLast()
        } else {
          if isLineEnd { code.append(next) }
          at += 1
        }
      }
    }
    return String(decoding: code, as: UTF8.self)
  }
}
