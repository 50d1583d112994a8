import Glibc

/// `vdeblur prewiew in.mp4`: the parser would take the word for a clip.
enum MisspeltCommand {
  /// - Throws: `Failure` when the first word is no file but, save for a letter or two, a command.
  static func check(_ arguments: [String]) throws {
    guard let word = arguments.first, !word.hasPrefix("-"), access(word, F_OK) != 0 else { return }
    let commands = VDeblur.configuration.subcommands.map { $0.configuration.commandName ?? "\($0)".lowercased() }
    guard !commands.contains(word) else { return }
    guard let meant = commands.first(where: { distance($0, word) <= $0.count / 3 }) else { return }
    throw Failure.usage("'\(word)' is neither a file nor a command: did you mean 'vdeblur \(meant)'?")
  }

  /// Letters to insert, remove or replace between two words (Levenshtein).
  private static func distance(_ a: String, _ b: String) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        (diagonal, row[j + 1]) = (row[j + 1], min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1))
      }
    }
    return row[b.count]
  }
}
