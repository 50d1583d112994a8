internal import Glibc

/// What is one file whatever it is called: device and inode, or, of a file that is not there yet, those of its folder and the name in it.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let name: String?

  /// nil for what may be written by several at once: terminals and other character devices, sockets.
  init?(_ status: stat) {
    guard [S_IFREG, S_IFIFO, S_IFBLK, S_IFDIR].contains(status.st_mode & S_IFMT) else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    name = nil
  }

  /// What an open descriptor reads or writes (fstat).
  public init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// What a name leads to (stat), through links; nil where nothing is there.
  public init?(path: String) {
    var status = stat()
    guard stat(path.fileName, &status) == 0 else { return nil }
    self.init(status)
  }

  /// A file that is not there yet, by a name that is no link.
  init?(absent path: String) {
    var status = stat()
    guard stat(folderName(of: path).fileName, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    name = lastName(of: path)
  }
}
