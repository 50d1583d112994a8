import Foundation

/// Addresses that this process may still ask for. A limit (`ulimit -v`, RLIMIT_AS) fails allocations long before memory is full; OpenBLAS
/// then tries for its buffer for ever.
package enum AddressSpace {
  /// Bytes; nil without a limit.
  package static var left: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
      return nil
    }
    // Pages in all, resident, …: proc(5).
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    let used = (fields.first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    return max(0, Int(limit.rlim_cur) - used)
  }

  /// What the networks need beside weights and tensors: a stack for each thread, and a buffer of OpenBLAS (32 << 22 bytes in its
  /// common_x86_64.h), which it takes at a thread's first product and keeps.
  package static var neededByThreads: Int { (Parallel.threadCount + 1) * ((32 << 22) + (8 << 20)) }

  /// Refuses to go on where the first product could not.
  static func check() throws(DeblurError) {
    guard let left, left < neededByThreads + (128 << 20) else { return }
    throw .noAddresses(left: left, wanted: neededByThreads + (128 << 20), threads: Parallel.threadCount)
  }
}
