internal import Glibc

/// Where the bytes of an input come from: a file, a stream read once, or a stream kept in an unlinked temporary file.
/// Shared between threads: a stream read once belongs to its one demuxer; the others only say how to open another reading.
final class InputSource: @unchecked Sendable {
  enum Bytes {
    /// With its length in bytes when it was opened.
    case file(Int64)
    case stream(PipeInput)
    case spool(SpoolFile)
  }

  let path: String
  let bytes: Bytes
  /// Tells that an output is the input by another name.
  let identity: FileIdentity?
  /// What reading it to its end told; set before a second demuxer reads it.
  var survey: Survey?

  /// - Parameter path: a file, or `-` for standard input. A named pipe is read like standard input.
  /// - Throws: what stat or open say: missing, a folder, empty, not readable.
  init(path: String, report: (String) -> Void) throws(VideoError) {
    self.path = path
    if path == "-" {
      identity = FileIdentity(descriptor: STDIN_FILENO)
      bytes = try InputSource.open(stream: STDIN_FILENO, owned: false, path: path, report: report)
      try checkSampleClaims()
      return
    }
    var status = stat()
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw VideoError(
        .input, file: "\"\(path)\"", "is not a file name", remedy: "name a video file, or - for standard input")
    }
    guard stat(path.fileName, &status) == 0 else {
      let code = errno
      throw VideoError(
        .input, file: path, code == ENOENT ? "no such file" : "\(StatusCode(errno: code))",
        remedy: code == ENOENT ? "check the path" : nil, code: StatusCode(errno: code))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      let files = path.hasSuffix("/") ? "\(path)*" : "\(path)/*"
      throw VideoError(.input, file: path, "is a folder", remedy: "name a video in it, or several: \(files)")
    case S_IFREG:
      guard status.st_size > 0 else { throw VideoError(.input, file: path, "is empty (0 bytes)") }
      let descriptor = Glibc.open(path.fileName, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw VideoError(.input, file: path, "cannot be read", because: .ofSystem)
      }
      close(descriptor)
      identity = FileIdentity(status)
      bytes = .file(Int64(status.st_size))
    default:
      let descriptor = Glibc.open(path.fileName, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw VideoError(.input, file: path, "cannot be read", because: .ofSystem)
      }
      identity = FileIdentity(status)
      bytes = try InputSource.open(stream: descriptor, owned: true, path: path, report: report)
    }
    try checkSampleClaims()
  }

  private static func open(
    stream descriptor: Int32, owned: Bool, path: String, report: (String) -> Void
  ) throws(VideoError) -> Bytes {
    let pipe = PipeInput(descriptor: descriptor, owned: owned, path: path)
    guard try pipe.peek(1) > 0 else { throw VideoError(.input, file: path, "is empty (0 bytes)") }
    guard try pipe.needsSeeking() else { return .stream(pipe) }
    let spool = try SpoolFile(draining: pipe)
    report("the index of this file comes after the pictures: kept \(amount(spool.size)) in a temporary file to read it")
    return .spool(spool)
  }

  /// Whether a second demuxer can read the same bytes.
  var isReopenable: Bool { if case .stream = bytes { false } else { true } }

  /// The URL for avformat_open_input. `file:` makes every path a plain name, whatever FFmpeg would read into it.
  var url: String { path == "-" ? "" : "file:\(path)" }

  /// A byte reader for the demuxer; nil when FFmpeg opens the file itself.
  func makeInput() -> CustomInput? {
    switch bytes {
    case .file: nil
    case .stream(let pipe): CustomInput(pipe)
    case .spool(let spool): CustomInput(SpoolReader(spool))
    }
  }

  /// The first bytes, to tell what a file is that no demuxer took.
  func beginning(_ count: Int) -> [UInt8] {
    switch bytes {
    case .stream(let pipe): return pipe.beginning(count)
    case .spool(let spool): return spool.read(at: 0, count)
    case .file: return bytes(at: 0, count) ?? []
    }
  }

  /// Refuses an index of more samples than the file has bytes, before FFmpeg makes room for them. A stream read once is not looked through.
  private func checkSampleClaims() throws(VideoError) {
    let claims: SampleClaims
    switch bytes {
    case .stream: return
    case .spool(let spool): claims = SampleClaims(fileSize: spool.size) { spool.read(at: $0, $1) }
    case .file(let size): claims = SampleClaims(fileSize: size) { bytes(at: $0, $1) ?? [] }
    }
    guard claims.areExcessive else { return }
    throw VideoError(
      .input, file: path, "is damaged: its index claims \(claims.count) frames in \(claims.fileSize) bytes")
  }

  /// Bytes from the midst of a file; nil where it cannot be opened.
  func bytes(at offset: Int64, _ count: Int) -> [UInt8]? {
    let descriptor = Glibc.open(path.fileName, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
    }
  }
}

/// For people, in units of 1000 as disks are sold: `12 kB`, `640 MB`.
private func amount(_ bytes: Int64) -> String {
  switch bytes {
  case ..<1000: "\(bytes) bytes"
  case ..<1_000_000: "\(bytes / 1000) kB"
  default: "\(bytes / 1_000_000) MB"
  }
}
