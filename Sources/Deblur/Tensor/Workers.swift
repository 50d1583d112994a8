import Foundation

/// A fixed set of threads that compute the indices of one job at a time.
///
/// Each thread takes the next index nobody has taken: when the encoder or another process holds
/// a core, the other threads take over its share.
final class Workers: @unchecked Sendable {
  static let shared = Workers(count: Parallel.availableCores)

  typealias Body = (Int, UnsafeMutablePointer<Float>) -> Void

  private let condition = NSCondition()
  private let job = NSLock()
  private var started = 0
  private var target: Int

  // One job: guarded by `condition`.
  private var body: Body?
  private var scratch = 0
  private var next = 0
  private var end = 0
  private var finished = 0

  init(count: Int) { target = count }

  var count: Int {
    get { condition.withLock { target } }
    set { condition.withLock { target = newValue } }
  }

  func run(_ count: Int, scratch: Int, _ body: Body) {
    guard job.try() else {
      let memory = Tensor(1, 1, scratch)
      for index in 0..<count { body(index, memory.data) }
      return
    }
    defer { job.unlock() }
    withoutActuallyEscaping(body) { body in
      condition.lock()
      startMissingThreads()
      self.body = body
      self.scratch = scratch
      (next, end, finished) = (0, count, 0)
      condition.broadcast()
      work()
      while finished < end { condition.wait() }
      self.body = nil
      condition.unlock()
    }
  }

  /// Takes indices until none is left. Called and left with `condition` locked.
  private func work() {
    guard next < end, let body else { return }
    let memory = Tensor(1, 1, scratch)
    while next < end {
      let index = next
      next += 1
      condition.unlock()
      body(index, memory.data)
      condition.lock()
      finished += 1
      if finished == end { condition.broadcast() }
    }
  }

  private func startMissingThreads() {
    while started < target - 1 {
      started += 1
      let rank = started
      let thread = Thread { [self] in
        condition.lock()
        while true {
          if rank < target { work() }
          condition.wait()
        }
      }
      thread.name = "vdeblur-\(rank)"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}
