internal import Glibc

/// A stream copied to an unlinked temporary file, which vanishes with the process however it ends.
final class SpoolFile {
  let descriptor: Int32
  private(set) var size: Int64 = 0

  init(draining pipe: PipeInput) throws(VideoError) {
    // /var/tmp is on disk; /tmp is often memory.
    let folder = getenv("TMPDIR").map { String(fileName: $0) } ?? "/var/tmp"
    var template = "\(folder)/vdeblur-XXXXXX".fileName
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw VideoError(
        .input, file: "-", "needs a temporary file, but \(folder) cannot hold one", because: .ofSystem,
        remedy: "set TMPDIR to a folder with free space")
    }
    unlink(template)
    var block = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let got = pipe.read(into: &block, block.count)
      if got == 0 { return }
      var written = 0
      while got > 0, written < got {
        let n = block.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, got - written) }
        if n < 0, errno == EINTR { continue }
        if n <= 0 {
          throw VideoError(
            .input, file: "-", "needs a temporary file in \(folder), which failed", because: .ofSystem,
            place: "after \(size + Int64(written)) bytes",
            remedy: "set TMPDIR to a folder with free space, or name the file instead")
        }
        written += n
      }
      if got < 0 { throw VideoError(.input, file: "-", "cannot be read", because: StatusCode(errno: -Int32(got))) }
      size += Int64(got)
    }
  }

  // Also where `init` throws: the file is complete as an object by then.
  deinit { close(descriptor) }

  func read(at offset: Int64, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
    }
  }
}

/// One reading position in a spool file.
final class SpoolReader: ByteReader {
  private let file: SpoolFile
  private var position: Int64 = 0

  init(_ file: SpoolFile) { self.file = file }

  var size: Int64? { file.size }

  func read(into buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    let got = pread(file.descriptor, buffer, count, off_t(position))
    if got < 0 { return -Int(errno) }
    position += Int64(got)
    return got
  }

  func seek(to offset: Int64) -> Bool {
    guard offset >= 0 else { return false }
    position = offset
    return true
  }
}
