internal import CFFmpeg
internal import Glibc

/// The bytes of an output. A file is written beside its final name (see ``UnfinishedName``) and appears under its name only when complete.
final class OutputFile {
  private enum Target {
    /// Written to `part`, then moved to `name`.
    case file(part: String, name: String)
    /// A pipe, a terminal's other end or a device: written directly.
    case stream
  }

  let path: String
  private let target: Target
  private let overwrite: Bool
  private let sink: OutputSink
  private let owned: Owned<AVIOContext>
  private var slot: Int?
  private var isDone = false

  /// Unfinished files of earlier runs on the same output, killed on this machine, that have been removed.
  let leftovers: [String]

  var context: UnsafeMutablePointer<AVIOContext> { owned.pointer }
  var isSeekable: Bool { sink.isSeekable }
  var byteCount: Int64 { sink.highest }
  /// Where FFmpeg finds the bytes while they are written.
  var url: String { if case .file(let part, _) = target { "file:\(part)" } else { "pipe:" } }

  /// Where an output goes, and that it is not the source by another name.
  static func place(path: String, input: FileIdentity?, overwrite: Bool) throws(VideoError) -> OutputPlace {
    if let input, path != "-", !path.utf8.contains(0), FileIdentity(path: path) == input {
      throw VideoError(.output, file: path, "is the input file itself", remedy: "choose another name")
    }
    let place = try OutputPlace(path: path, overwrite: overwrite)
    if case .descriptor(let number) = place.target, isatty(number) != 0 {
      throw VideoError(.output, file: path, "is a terminal", remedy: "send the video to a file or a pipe")
    }
    if let input, place.identity == input {
      throw VideoError(.output, file: path, "is the input file", remedy: "send the video to another file")
    }
    return place
  }

  init(_ place: OutputPlace) throws(VideoError) {
    path = place.path
    overwrite = place.overwrite
    let descriptor: Int32
    switch place.target {
    case .descriptor(let number):
      target = .stream
      leftovers = []
      descriptor = fcntl(number, F_DUPFD_CLOEXEC, 3)
    case .device(let name):
      target = .stream
      leftovers = []
      descriptor = open(name.fileName, O_WRONLY | O_CLOEXEC)
    case .file(let name):
      leftovers = UnfinishedName.removeLeftovers(of: name)
      let part: String
      (part, descriptor) = UnfinishedName.create(for: name)
      target = .file(part: part, name: name)
      if descriptor >= 0 { slot = UnfinishedFiles.add(part) }
    }
    guard descriptor >= 0 else {
      throw VideoError(.output, file: path, "cannot be created", because: .ofSystem)
    }
    var isSeekable = false
    if case .file = target { isSeekable = true }
    sink = OutputSink(descriptor: descriptor, isSeekable: isSeekable)
    owned = sink.makeContext()
  }

  deinit { abandon() }

  /// Adds bytes; failures show at ``flush()``.
  func write(_ bytes: [UInt8]) throws(VideoError) {
    bytes.withUnsafeBufferPointer { avio_write(context, $0.baseAddress, Int32($0.count)) }
    try VideoIO.check(context.pointee.error, .output, path, "cannot be written")
  }

  /// Writes out what is buffered and reports the first failure so far.
  func flush() throws(VideoError) {
    avio_flush(context)
    try VideoIO.check(context.pointee.error, .output, path, "cannot be written", place: "after \(sink.highest) bytes")
  }

  /// Makes the finished output appear: flush, fsync, close, link or rename, fsync of the folder.
  /// - Parameter note: called just before a file takes its name, with what it can be recognised by afterwards.
  func commit(note: (FileStamp) throws(VideoError) -> Void = { _ in }) throws(VideoError) {
    try flush()
    guard case .file(let part, let name) = target else {
      isDone = true
      guard sink.close() else {
        throw VideoError(
          errno == EPIPE ? .closedPipe : .output, file: path, "cannot be closed", because: .ofSystem)
      }
      return
    }
    guard fsync(sink.descriptor) == 0, sink.close() else {
      throw VideoError(.output, file: path, "cannot be completed", because: .ofSystem)
    }
    if let stamp = FileStamp(path: part) { try note(stamp) }
    if overwrite {
      guard rename(part.fileName, name.fileName) == 0 else {
        throw VideoError(.output, file: path, "cannot be replaced", because: .ofSystem)
      }
    } else if link(part.fileName, name.fileName) == 0 {
      unlink(part.fileName)
    } else if errno == EEXIST {
      throw VideoError(
        .output, file: path, "has come into being meanwhile", remedy: OutputPlace.remedyForExisting)
    } else {
      // Some file systems know no hard links; there the name is free as far as can be told.
      guard access(name.fileName, F_OK) != 0, rename(part.fileName, name.fileName) == 0 else {
        throw VideoError(.output, file: path, "cannot be completed", because: .ofSystem)
      }
    }
    isDone = true
    if let slot { UnfinishedFiles.remove(slot) }
    let folder = open(folderName(of: name).fileName, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
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
    if case .file(let part, _) = target {
      unlink(part.fileName)
      if let slot { UnfinishedFiles.remove(slot) }
    }
  }
}

extension OutputPlace {
  /// Writes a small output as a whole or not at all; replaces an existing file if it may.
  public func write(_ bytes: [UInt8]) throws(VideoError) {
    let output = try OutputFile(self)
    avio_write(output.context, bytes, Int32(bytes.count))
    try output.commit()
  }
}
