internal import CKernels
import Foundation

/// How many cores this process may use.
enum CoreCount {
  static func usable() -> Int {
    max(1, min(affinity(), quota() ?? .max))
  }

  private static func affinity() -> Int {
    let cores = Int(vdk_affinity_cores())
    return cores > 0 ? cores : ProcessInfo.processInfo.activeProcessorCount
  }

  /// The cgroup's processor quota, rounded up to whole cores; nil without one.
  private static func quota() -> Int? {
    let read = { (path: String) in try? String(contentsOfFile: path, encoding: .utf8) }
    if let unified = read("/sys/fs/cgroup/cpu.max") {
      return quota(fields: unified.split(whereSeparator: \.isWhitespace).map(String.init))
    }
    let folder = "/sys/fs/cgroup/cpu/"
    guard let quota = read(folder + "cpu.cfs_quota_us"), let period = read(folder + "cpu.cfs_period_us")
    else { return nil }
    return self.quota(fields: [quota, period].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) })
  }

  /// `fields`: microseconds of processor time and of the period, as in `cpu.max`; "max" or -1 mean unlimited.
  static func quota(fields: [String]) -> Int? {
    guard fields.count == 2, let time = Double(fields[0]), let period = Double(fields[1]), time > 0, period > 0
    else { return nil }
    return Int(max(1, min(1e6, (time / period).rounded(.up))))
  }
}
