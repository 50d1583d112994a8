internal import CFFmpeg

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The bytes of an output. A file is written beside its final name as `NAME.part<PID>` and appears under its name only when complete.
final class OutputFile {
  private enum Target {
    /// Written to `part`, then moved to the path.
    case file(part: String)
    /// A pipe, a terminal's other end or a device: written directly.
    case stream
  }

  let path: String
  let context: UnsafeMutablePointer<AVIOContext>
  private let target: Target
  private let overwrite: Bool
  private let sink: Sink
  private var slot: Int?
  private var isDone = false

  var isSeekable: Bool { sink.isSeekable }
  var byteCount: Int64 { sink.highest }
  /// Where FFmpeg finds the bytes while they are written.
  var url: String { if case .file(let part) = target { "file:\(part)" } else { "pipe:" } }

  /// Checks that an output can be created, without creating anything that stays.
  /// - Throws: when the folder is missing or read-only, the output exists, or it is the input by another name.
  static func check(path: String, input: FileIdentity?, overwrite: Bool) throws(VideoError) {
    if path == "-" {
      if isatty(STDOUT_FILENO) != 0 {
        throw VideoError(.output, file: path, "is a terminal", remedy: "send the video to a file or a pipe")
      }
      if let input, let output = FileIdentity(descriptor: STDOUT_FILENO), input == output {
        throw VideoError(.output, file: path, "is the input file", remedy: "send the video to another file")
      }
      return
    }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw VideoError(.output, file: "\"\(path)\"", "is not a file name")
    }
    if let input, FileIdentity(path: path) == input {
      throw VideoError(.output, file: path, "is the input file itself", remedy: "choose another name")
    }
    var status = stat()
    if stat(path, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      if kind == S_IFDIR { throw VideoError(.output, file: path, "is a folder", remedy: "name a file in it") }
      if kind != S_IFREG { return }
      if !overwrite {
        throw VideoError(.output, file: path, "exists already", remedy: "choose another name, or add -y to replace it")
      }
    }
    let folder = folderName(of: path)
    guard stat(folder, &status) == 0 else {
      throw VideoError(
        .output, file: path, "its folder \(folder) does not exist", remedy: "create it: mkdir -p '\(folder)'")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw VideoError(.output, file: path, "\(folder) is not a folder") }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw VideoError(
        .output, file: path, "its folder \(folder) cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  /// Whether bytes go straight to a pipe or a device.
  static func isStream(_ path: String) -> Bool {
    var status = stat()
    return path == "-" || (stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG)
  }

  init(path: String, input: FileIdentity?, overwrite: Bool) throws(VideoError) {
    try OutputFile.check(path: path, input: input, overwrite: overwrite)
    self.path = path
    self.overwrite = overwrite
    var status = stat()
    let descriptor: Int32
    if path == "-" {
      target = .stream
      descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    } else if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      target = .stream
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let part = "\(path).part\(getpid())"
      target = .file(part: part)
      // Reading too: some containers read back what they wrote.
      descriptor = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
      if descriptor >= 0 { slot = PartFiles.add(part) }
    }
    guard descriptor >= 0 else {
      throw VideoError(.output, file: path, "cannot be created: \(String(cString: strerror(errno)))")
    }
    var isSeekable = false
    if case .file = target { isSeekable = true }
    sink = Sink(descriptor: descriptor, isSeekable: isSeekable)
    let size = 1 << 18
    let buffer = av_malloc(size)!.assumingMemoryBound(to: UInt8.self)
    context = allocated(
      cff_new_writer(
        buffer, Int32(size), Unmanaged.passUnretained(sink).toOpaque(), writeBytes, isSeekable ? seekOutput : nil))
    context.pointee.seekable = isSeekable ? Int32(AVIO_SEEKABLE_NORMAL) : 0
  }

  deinit {
    abandon()
    av_free(context.pointee.buffer)
    var p: UnsafeMutablePointer<AVIOContext>? = context
    avio_context_free(&p)
  }

  /// Writes out what is buffered and reports the first failure so far.
  func flush() throws(VideoError) {
    avio_flush(context)
    try VideoIO.check(context.pointee.error, .output, path, "cannot be written", place: "after \(sink.highest) bytes")
  }

  /// Makes the finished output appear: flush, fsync, close, link or rename, fsync of the folder.
  func commit() throws(VideoError) {
    try flush()
    guard case .file(let part) = target else {
      isDone = true
      guard sink.close() else {
        throw VideoError(
          errno == EPIPE ? .closedPipe : .output, file: path, "cannot be closed: \(String(cString: strerror(errno)))")
      }
      return
    }
    guard fsync(sink.descriptor) == 0, sink.close() else {
      throw VideoError(.output, file: path, "cannot be completed: \(String(cString: strerror(errno)))")
    }
    if overwrite {
      guard rename(part, path) == 0 else {
        throw VideoError(.output, file: path, "cannot be replaced: \(String(cString: strerror(errno)))")
      }
    } else if link(part, path) == 0 {
      unlink(part)
    } else if errno == EEXIST {
      throw VideoError(
        .output, file: path, "has come into being meanwhile", remedy: "choose another name, or add -y to replace it")
    } else {
      // Some file systems know no hard links; there the name is free as far as can be told.
      guard access(path, F_OK) != 0, rename(part, path) == 0 else {
        throw VideoError(.output, file: path, "cannot be completed: \(String(cString: strerror(errno)))")
      }
    }
    isDone = true
    if let slot { PartFiles.remove(slot) }
    let folder = open(folderName(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Removes the unfinished output.
  func abandon() {
    guard !isDone else { return }
    isDone = true
    _ = sink.close()
    if case .file(let part) = target {
      unlink(part)
      if let slot { PartFiles.remove(slot) }
    }
  }
}

private func folderName(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The file descriptor behind an AVIOContext.
private final class Sink {
  private(set) var descriptor: Int32
  let isSeekable: Bool
  var position: Int64 = 0
  /// One past the last byte written.
  var highest: Int64 = 0

  init(descriptor: Int32, isSeekable: Bool) {
    self.descriptor = descriptor
    self.isSeekable = isSeekable
  }

  deinit { _ = close() }

  func write(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var done = 0
    while done < count {
      let n = Glibc.write(descriptor, bytes + done, count - done)
      if n < 0 {
        if errno == EINTR { continue }
        return cff_error(errno)
      }
      done += n
    }
    position += Int64(count)
    highest = max(highest, position)
    return Int32(count)
  }

  func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 { return highest }
    let result = lseek(descriptor, off_t(offset), whence & ~AVSEEK_FORCE)
    if result < 0 { return Int64(cff_error(errno)) }
    position = Int64(result)
    return position
  }

  /// False when the system could not write the rest (errno says why).
  func close() -> Bool {
    guard descriptor >= 0 else { return true }
    let result = Glibc.close(descriptor)
    descriptor = -1
    return result == 0
  }
}

private func writeBytes(_ opaque: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<UInt8>?, _ count: Int32) -> Int32 {
  Unmanaged<Sink>.fromOpaque(opaque!).takeUnretainedValue().write(bytes!, Int(count))
}

private func seekOutput(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: Int32) -> Int64 {
  Unmanaged<Sink>.fromOpaque(opaque!).takeUnretainedValue().seek(offset, whence)
}
