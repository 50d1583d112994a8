import VideoIO

extension OutputPlace {
  /// Writes a small file as a whole or not at all.
  func write(_ text: String) throws {
    // Pages and plots are UTF-8 throughout.
    if path == "-" { return try StandardOutput.write(utf8: text) }
    try write(Array(text.replacingFileNameBytes.utf8))
  }
}
