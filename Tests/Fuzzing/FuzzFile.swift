import Glibc

/// A file in memory with these bytes: the code under test opens files by name.
/// - Returns: its path, the same at every call.
func fuzzFile(holding data: UnsafePointer<UInt8>, _ count: Int) -> String {
  let path = "/dev/shm/vdeblur-fuzz-\(getpid())"
  let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  precondition(descriptor >= 0 && write(descriptor, data, count) == count, "no memory for \(path)")
  close(descriptor)
  return path
}
