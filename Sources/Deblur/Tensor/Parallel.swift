import Foundation

/// The worker threads that all kernels share.
///
/// Results never depend on the number of threads: an index is always computed whole by one
/// thread, in the same order of operations, whichever thread that is.
public enum Parallel {
  /// Threads a kernel runs on, the caller's included. Set once, before the first kernel.
  public static var threadCount: Int {
    get { Workers.shared.count }
    set { Workers.shared.count = max(1, newValue) }
  }

  /// Cores this process may use: its affinity mask and, in a container, its cgroup quota.
  public static let availableCores: Int = CoreCount.usable()

  /// Runs `body` for every index in `0 ..< count`, on all threads, and returns when all are done.
  ///
  /// Calls from several threads at once are allowed; those that find the workers busy run alone.
  public static func `for`(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1, threadCount > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    Workers.shared.run(count, body)
  }
}
