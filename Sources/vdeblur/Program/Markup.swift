/// Text for HTML and SVG, quotes included. XML has no control characters at all.
func escaped(_ text: String) -> String {
  text.printable.reduce(into: "") { out, character in
    switch character {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    default: out.append(character)
    }
  }
}
