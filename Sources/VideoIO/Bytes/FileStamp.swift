internal import Glibc

/// By what a file can be recognised without reading it: device, inode, size, and when it was written.
public struct FileStamp: Codable, Sendable, Equatable {
  private let device: UInt64
  private let inode: UInt64
  private let bytes: Int64
  private let nanoseconds: Int64

  /// nil when there is no such file.
  public init?(path: String) {
    var status = stat()
    guard stat(path.fileName, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    (device, inode, bytes) = (UInt64(status.st_dev), UInt64(status.st_ino), Int64(status.st_size))
    nanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }
}
