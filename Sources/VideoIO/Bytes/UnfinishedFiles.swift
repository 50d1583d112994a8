internal import Glibc

/// The unfinished files of this process, for whoever must end it in a hurry.
public enum UnfinishedFiles {
  private static let capacity = 16
  /// C strings at fixed places. A cell is set once its string is complete and cleared before the string is freed.
  private nonisolated(unsafe) static let cells: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = {
    let cells = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: capacity)
    cells.initialize(repeating: nil, count: capacity)
    return cells
  }()
  private nonisolated(unsafe) static let lock: UnsafeMutablePointer<pthread_mutex_t> = {
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    return lock
  }()

  /// Sets up the table. Call before installing a signal handler that calls ``removeAll()``.
  public static func prepare() {
    _ = cells
    _ = lock
  }

  /// Removes every unfinished file. Safe in a signal handler after ``prepare()``: it reads fixed memory and calls unlink(2).
  public static func removeAll() {
    for i in 0..<capacity {
      if let path = cells[i] { unlink(path) }
    }
  }

  static func add(_ path: String) -> Int? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard let slot = (0..<capacity).first(where: { cells[$0] == nil }), let copy = strdup(path.fileName) else {
      return nil
    }
    cells[slot] = copy
    return slot
  }

  static func remove(_ slot: Int) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    let copy = cells[slot]
    cells[slot] = nil
    free(copy)
  }
}
