import Glibc
import Synchronization
import VideoIO

/// Files that must not outlive the program before they are complete.
enum UnfinishedFiles {
  /// Call before `remove` can be.
  static func prepare() { PartFiles.prepare() }

  private static let paths = Mutex<Set<String>>([])

  static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  /// Removes the file if it is still there under its unfinished name.
  static func discard(_ path: String) {
    paths.withLock { paths in
      unlink(path)
      paths.remove(path)
    }
  }

  /// Removes all of them, the video's included. For the signal thread.
  static func remove() {
    paths.withLock { paths in
      paths.forEach { unlink($0) }
      paths.removeAll()
    }
    PartFiles.removeAll()
  }
}
