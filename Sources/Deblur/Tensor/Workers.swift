import Foundation

/// A fixed set of threads that compute the indices of jobs.
///
/// Each thread takes the next index nobody has taken: when the encoder or another process holds a core, the other threads
/// take over its share. Several threads may bring jobs at once; each works on its own, the set's threads on the first
/// that has indices left.
final class Workers: @unchecked Sendable {
  static let shared = Workers(count: Parallel.availableCores)

  typealias Body = (Int, UnsafeMutablePointer<Float>) -> Void

  private final class Job {
    let body: Body
    let scratch: Int
    let end: Int
    var next = 0
    var finished = 0

    init(_ count: Int, scratch: Int, _ body: @escaping Body) { (end, self.scratch, self.body) = (count, scratch, body) }
  }

  private let condition = NSCondition()  // guards all below
  private var started = 0
  private var target: Int
  private var jobs: [Job] = []

  init(count: Int) { target = count }

  var count: Int {
    get { condition.withLock { target } }
    set { condition.withLock { target = newValue } }
  }

  func run(_ count: Int, scratch: Int, _ body: Body) {
    withoutActuallyEscaping(body) { body in
      let job = Job(count, scratch: scratch, body)
      condition.lock()
      startMissingThreads()
      jobs.append(job)
      condition.broadcast()
      work(on: job)
      while job.finished < count { condition.wait() }
      jobs.removeAll { $0 === job }
      condition.unlock()
    }
  }

  /// Takes indices until none is left. Called and left with `condition` locked.
  private func work(on job: Job) {
    guard job.next < job.end else { return }
    let memory = Tensor(1, 1, job.scratch)
    while job.next < job.end {
      let index = job.next
      job.next += 1
      condition.unlock()
      job.body(index, memory.data)
      condition.lock()
      job.finished += 1
      if job.finished == job.end { condition.broadcast() }
    }
  }

  private func startMissingThreads() {
    while started < target - 1 {
      started += 1
      let rank = started
      let thread = Thread { [self] in
        condition.lock()
        while true {
          if rank < target, let job = jobs.first(where: { $0.next < $0.end }) {
            work(on: job)
          } else {
            condition.wait()
          }
        }
      }
      thread.name = "vdeblur-\(rank)"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}
