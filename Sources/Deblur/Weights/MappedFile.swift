import Glibc

/// A regular file's bytes, mapped read-only (`mmap`): only the pages that are read are loaded.
final class MappedFile: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  init(path: String) throws(WeightsError) {
    func failure(_ reason: String) -> WeightsError {
      WeightsError(path: path, problem: .unreadable(reason: reason))
    }
    // Non-blocking, so that a pipe given by mistake is refused instead of waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(String(cString: strerror(errno))) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure("not a regular file") }
    let count = Int(status.st_size)
    // mmap refuses length 0.
    guard count > 0 else { throw WeightsError(path: path, problem: .notSafetensors(reason: "the file is empty")) }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
      throw failure(String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}
