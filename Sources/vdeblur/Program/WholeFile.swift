import Glibc

/// Writes a small file as a whole or not at all: beside its place first, then renamed.
enum WholeFile {
  /// Whether `path` may be written; asked before the work that fills it.
  static func check(_ path: String, overwrite: Bool) throws {
    guard path != "-", !overwrite, access(path, F_OK) == 0 else { return }
    throw Failure(.output, "\(path): exists already: add -y to replace it")
  }

  /// - Parameter path: `-` is standard output.
  static func write(_ text: String, to path: String, overwrite: Bool) throws {
    if path == "-" { return try StandardOutput.write(text) }
    try check(path, overwrite: overwrite)
    let part = "\(path).part\(getpid())"
    let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw cannotWrite(path) }
    UnfinishedFiles.add(part)
    defer { UnfinishedFiles.discard(part) }
    do {
      try writeAll(text, to: descriptor)
    } catch {
      close(descriptor)
      throw Failure(.output, "\(path): cannot write: \(error)")
    }
    guard close(descriptor) == 0, rename(part, path) == 0 else { throw cannotWrite(path) }
  }

  private static func cannotWrite(_ path: String) -> Failure {
    Failure(.output, "\(path): cannot write: \(SystemFailure(number: errno))")
  }
}
