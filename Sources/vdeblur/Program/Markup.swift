/// Text for HTML and SVG, quotes included.
func escaped(_ text: String) -> String {
  text.reduce(into: "") { out, character in
    switch character {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    default: out.append(character)
    }
  }
}
