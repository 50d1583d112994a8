import Foundation
import VideoIO

/// Figures for people, alike in every locale.

/// `fixed(3.14159, 2)` is `3.14`.
func fixed(_ value: Double, _ digits: Int) -> String {
  value.isInfinite ? (value < 0 ? "-inf" : "inf") : String(format: "%.\(digits)f", value)
}

/// `12345` as `12,345`.
func grouped(_ value: Int) -> String {
  var text = ""
  for (index, digit) in String(abs(value)).reversed().enumerated() {
    if index > 0 && index % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return (value < 0 ? "-" : "") + String(text.reversed())
}

/// `1 frame`, `12,345 frames`.
func counted(_ value: Int, _ noun: String) -> String { "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")" }

/// How long something takes, as coarse as a person needs it: `0.8 s`, `8 s`, `3 min 20 s`, `2 h 05 min`.
func span(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "unknown" }
  if seconds < 9.5 { return "\(fixed(seconds, 1)) s" }
  let whole = Int(limiting: seconds, rounded: .up)
  switch whole {
  case ..<60: return "\(whole) s"
  case ..<3600: return "\(whole / 60) min \(whole % 60) s"
  default: return "\(whole / 3600) h \(String(format: "%02d", whole / 60 % 60)) min"
  }
}

/// `75.5` as `1:15.500`, `3.2` as `3.200`: for messages.
func clock(_ seconds: Double) -> String {
  guard seconds.isFinite else { return "unknown" }
  let milliseconds = Int(limiting: abs(seconds) * 1000)
  let (hours, minutes) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60)
  let rest = fixed(Double(milliseconds % 60_000) / 1000, 3)
  let sign = seconds < 0 && milliseconds > 0 ? "-" : ""
  if hours > 0 { return "\(sign)\(hours):\(padded(String(minutes), 2)):\(padded(rest, 6))" }
  if minutes > 0 { return "\(sign)\(minutes):\(padded(rest, 6))" }
  return sign + rest
}

/// Bytes in units of 1000, as disks and ffmpeg count: `640 MB`, `2.1 GB`.
func byteCount(_ bytes: Int) -> String {
  let value = Double(bytes)
  switch value {
  case ..<1e3: return "\(bytes) B"
  case ..<1e6: return "\(fixed(value / 1e3, 0)) kB"
  case ..<1e9: return "\(fixed(value / 1e6, 0)) MB"
  default: return "\(fixed(value / 1e9, 1)) GB"
  }
}

/// Columns aligned with two spaces between them; the first row is the heading. Cells that hold figures go right. Names of
/// files in them are text to a terminal.
func table(_ cells: [[String]], rightAligned: Set<Int> = []) -> String {
  let rows = cells.map { $0.map(\.printable) }
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - cell.count)
      return rightAligned.contains(column) ? space + cell : cell + space
    }
    let line = cells.joined(separator: "  ")
    return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)]) + "\n"
  }.joined()
}

private func padded(_ text: String, _ width: Int) -> String {
  String(repeating: "0", count: max(0, width - text.count)) + text
}
