import Foundation

/// Seconds that a piece of work took, on the wall and on all of this process's threads.
struct Seconds {
  var wall: Double
  var cpu: Double

  static func taken(by work: () throws -> Void) rethrows -> Seconds {
    let (wall, cpu) = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
    try work()
    return Seconds(wall: now(CLOCK_MONOTONIC) - wall, cpu: now(CLOCK_PROCESS_CPUTIME_ID) - cpu)
  }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
