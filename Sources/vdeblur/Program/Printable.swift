extension String {
  /// What a terminal shows as text and obeys nowhere: control characters, which titles and keys of other people's files can
  /// hold, as `\n`, `\t` or `\u{1B}`.
  var printable: String {
    // Few texts have any. Scalars, since "\r\n" is one Character.
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
    return unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
    }.joined()
  }
}
