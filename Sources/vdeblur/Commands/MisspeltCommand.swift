import Glibc
import VideoIO

/// `vdeblur prewiew in.mp4`: the parser would take the word for a clip.
enum MisspeltCommand {
  /// - Throws: `Failure` when the first word is no file but, save for a letter or two, a command.
  static func check(_ arguments: [String]) throws {
    guard let word = arguments.first, !word.hasPrefix("-"), access(word.fileName, F_OK) != 0 else { return }
    let commands = VDeblur.commandNames
    guard !commands.contains(word) else { return }
    guard let meant = commands.first(where: { distance($0, word) <= $0.count / 3 }) else { return }
    throw Failure.usage("'\(word)' is neither a file nor a command: did you mean 'vdeblur \(meant)'?")
  }

  /// Letters to insert, remove, replace or exchange with their neighbour between two words (optimal string alignment).
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, rows[i][j + 1] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
