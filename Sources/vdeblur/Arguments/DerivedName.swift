import Foundation
import VideoIO

/// Endings whose containers can be written; a result of any other source is Matroska, which takes everything.
private let writable: Set = ["mp4", "mov", "m4v", "mkv", "webm", "ts", "mts", "m2ts", "avi", "nut", "y4m"]

/// A name for a result in the working folder: `clips/in.mp4` and "preview" give `in-preview.mp4`.
func derivedName(from input: String, _ what: String, extension ending: String? = nil) -> String {
  let url = URL(fileURLWithPath: input == "-" ? "stdin.mkv" : input)
  let ending = ending ?? (url.pathExtension.isEmpty ? "mkv" : url.pathExtension)
  return lengthened(url.deletingPathExtension().lastPathComponent, by: "-\(what).\(ending)")
}

/// A name with more behind it: shortened first if the system would not take it else.
private func lengthened(_ name: String, by ending: String) -> String {
  var name = name
  while !name.isEmpty, name.fileNameBytes.count + ending.utf8.count > Int(NAME_MAX) { name.removeLast() }
  return name + ending
}

/// A place for a full run's result: `clips/in.mp4` gives `clips/in-deblurred.mp4`, or `sharp/in.mp4`.
/// - Parameters:
///   - folder: nil for the clip's own.
///   - suffix: goes between name and ending.
func resultPath(for input: String, folder: String?, suffix: String) -> String {
  let slash = input.lastIndex(of: "/").map { input.index(after: $0) } ?? input.startIndex
  let name = URL(fileURLWithPath: String(input[slash...]))
  let ending = writable.contains(name.pathExtension.lowercased()) ? name.pathExtension : "mkv"
  var place = folder ?? String(input[..<slash])
  if !place.isEmpty, !place.hasSuffix("/") { place += "/" }
  return place + lengthened(name.deletingPathExtension().lastPathComponent, by: "\(suffix).\(ending)")
}
