/// The worker threads that all kernels share.
///
/// Results never depend on the number of threads: an index is always computed whole by one
/// thread, in the same order of operations, whichever thread that is.
public enum Parallel {
  /// Threads a kernel runs on, the caller's included. Set it before the first kernel runs.
  public static var threadCount: Int {
    get { Workers.shared.count }
    set { Workers.shared.count = max(1, newValue) }
  }

  /// The set in use. Tests put one of their own count in its place.
  @TaskLocal static var workers = Workers.shared

  /// Cores this process may use: its affinity mask and, in a container, its cgroup quota.
  public static let availableCores: Int = CoreCount.usable()

  /// Runs `body` for every index in `0 ..< count`, on all threads, and returns when all are done.
  ///
  /// Calls from several threads at once are allowed: each works on its own job, the workers on the oldest.
  static func `for`(_ count: Int, _ body: (Int) -> Void) {
    self.for(count, scratch: 0) { index, _ in body(index) }
  }

  /// The same with `scratch` floats for the use of one index at a time.
  static func `for`(_ count: Int, scratch: Int, _ body: (Int, UnsafeMutablePointer<Float>) -> Void) {
    if count > 1, workers.count > 1 {
      workers.run(count, scratch: scratch, body)
    } else if count > 0 {
      let memory = Tensor(1, 1, scratch)
      for index in 0..<count { body(index, memory.data) }
    }
  }

  /// Runs `body(first, end)` over strips of `0 ..< height`.
  static func rows(_ height: Int, _ body: (Int32, Int32) -> Void) {
    let strip = strip(height)
    self.for((height + strip - 1) / strip) { index in
      body(Int32(index * strip), Int32(min((index + 1) * strip, height)))
    }
  }

  /// Whether `holds` is true of every row; asks about all of them.
  static func allRows(_ count: Int, _ holds: (Int) -> Bool) -> Bool {
    let rows = [Bool](unsafeUninitializedCapacity: count) { rows, initialised in
      nonisolated(unsafe) let rows = rows
      self.for(count) { rows[$0] = holds($0) }
      initialised = count
    }
    return rows.allSatisfy { $0 }
  }

  /// Rows of a strip: few enough that no thread waits long for the last one.
  static func strip(_ height: Int) -> Int {
    max(1, min(16, height / (4 * workers.count)))
  }
}
