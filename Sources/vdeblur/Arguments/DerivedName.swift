import Foundation

/// A name for a result in the working folder: `clips/in.mp4` and "preview" give `in-preview.mp4`.
func derivedName(from input: String, _ what: String, extension ending: String? = nil) -> String {
  let url = URL(fileURLWithPath: input == "-" ? "stdin.mkv" : input)
  let ending = ending ?? (url.pathExtension.isEmpty ? "mkv" : url.pathExtension)
  return "\(url.deletingPathExtension().lastPathComponent)-\(what).\(ending)"
}
