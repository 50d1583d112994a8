import Deblur

/// Where the time went, as a table: stage or layer, calls, seconds, share of the wall time, GFLOP/s.
///
/// Stages run side by side, so their shares may sum to more than 100 %.
func profileTable(_ entries: [Profile.Entry], wall: Double) -> String {
  var rows = [["stage", "calls", "seconds", "share", "GFLOP/s"]]
  for entry in entries {
    let rate = entry.multiplyAccumulates > 0 ? 2e-9 * Double(entry.multiplyAccumulates) / max(entry.seconds, 1e-9) : nil
    let share = wall > 0 ? "\(fixed(100 * entry.seconds / wall, 1))%" : ""
    rows.append([entry.path, String(entry.calls), fixed(entry.seconds, 3), share, rate.map { fixed($0, 1) } ?? ""])
  }
  rows.append(["wall", "", fixed(wall, 3), "", ""])
  return String(table(rows, rightAligned: [1, 2, 3, 4]).dropLast())
}
