import VideoIO

extension OutputPlace {
  /// Writes a small file as a whole or not at all.
  func write(_ text: String) throws {
    if path == "-" { return try StandardOutput.write(text) }
    try write(Array(text.utf8))
  }
}
