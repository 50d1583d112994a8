import Foundation

/// A thread with a name that `top -H`, `perf` and debuggers show.
///
/// Stages block in codec calls and in long matrix products, so they get threads of their own instead of tasks, whose
/// pool must never block.
final class NamedThread: Sendable {
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameter name: at most 15 bytes, the kernel's limit.
  @discardableResult
  init(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let ended = ended
    let thread = Thread {
      Thread.current.name = name
      body()
      ended.signal()
    }
    thread.start()
  }

  /// Waits for the body to return. Call it once.
  func join() { ended.wait() }
}
