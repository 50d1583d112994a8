import Foundation

/// A fixed set of threads that compute the indices of jobs.
///
/// Each thread takes the next index nobody has taken: when the encoder or another process holds a core, the other threads
/// take over its share. Several threads may bring jobs at once. Each works on its own; the set's threads join in as long
/// as fewer than `count` are at work, on the first job that has indices left. So a few independent callers keep the cores
/// busy without ever waiting for each other, and one alone gets them all.
final class Workers: @unchecked Sendable {
  static let shared = Workers(count: Parallel.availableCores)

  typealias Body = (Int, UnsafeMutablePointer<Float>) -> Void

  private final class Job {
    let body: Body
    let scratch: Int
    let end: Int
    var next = 0
    var finished = 0
    /// Signalled with the last index.
    let done = DispatchSemaphore(value: 0)

    init(_ count: Int, scratch: Int, _ body: @escaping Body) { (end, self.scratch, self.body) = (count, scratch, body) }
  }

  private let condition = NSCondition()  // guards all below; only idle threads of the set wait for it
  private var started = 0
  private var target: Int
  private var jobs: [Job] = []
  private var atWork = 0
  private var idle = 0

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
      wake(atMost: min(count - 1, target - 1 - atWork))
      work(on: job)
      jobs.removeAll { $0 === job }
      // This core is free now; the others' jobs may have something left for it.
      if atWork < target, jobs.contains(where: { $0.next < $0.end }) { wake(atMost: 1) }
      if job.finished < job.end {
        condition.unlock()
        job.done.wait()
        condition.lock()  // by now whoever had the last index has let go of the job
      }
      condition.unlock()
    }
  }

  /// Wakes idle threads of the set. Called with `condition` locked.
  private func wake(atMost count: Int) {
    for _ in 0..<max(0, min(count, idle)) { condition.signal() }
  }

  /// Takes indices until none is left or `mayGoOn` says no. Called and left with `condition` locked.
  private func work(on job: Job, while mayGoOn: () -> Bool = { true }) {
    guard job.next < job.end else { return }
    atWork += 1
    let memory = Tensor(1, 1, job.scratch)
    while job.next < job.end, mayGoOn() {
      let index = job.next
      job.next += 1
      condition.unlock()
      job.body(index, memory.data)
      condition.lock()
      job.finished += 1
      if job.finished == job.end { job.done.signal() }
    }
    atWork -= 1
  }

  private func startMissingThreads() {
    while started < target - 1 {
      started += 1
      let rank = started
      let thread = Thread { [self] in
        condition.lock()
        while true {
          if rank < target, atWork < target, let job = jobs.first(where: { $0.next < $0.end }) {
            // Gives way as soon as callers alone keep all cores busy.
            work(on: job) { atWork <= target }
          } else {
            idle += 1
            condition.wait()
            idle -= 1
          }
        }
      }
      thread.name = "vdeblur-\(rank)"
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}
