import Glibc
import Synchronization
import VideoIO

/// Stderr: lines for people, and below them, on a terminal only, one status line that is drawn over itself.
final class Console: Sendable {
  static let shared = Console()

  /// Whether a line can be drawn over itself: on a terminal, unless it calls itself dumb, as those inside editors do.
  let isTerminal = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  private let status = Mutex("")

  /// Columns of the terminal, 80 when it does not say.
  var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether words may have colours: on a terminal, unless the user wants none (https://no-color.org).
  var hasColour: Bool { isTerminal && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true }

  /// Writes a whole line above the status line.
  func line(_ text: String) { lines(text.printable) }

  /// The same for text that is ours throughout, of one line or several.
  func lines(_ text: String) {
    status.withLock { status in Self.write((status.isEmpty ? "" : erase(status)) + text + "\n" + status) }
  }

  /// Draws the status line over the one before. Text longer than the terminal is wide would wrap and pile up: it is
  /// cut.
  /// - Parameter coloured: how many characters at the beginning have the colour of progress.
  func setStatus(_ text: String, coloured: Int = 0) {
    guard isTerminal else { return }
    let fitting = String(text.printable.prefix(max(1, width - 1)))
    let count = hasColour ? min(coloured, fitting.count) : 0
    let shown = count > 0 ? "\u{1B}[36m\(fitting.prefix(count))\u{1B}[0m\(fitting.dropFirst(count))" : fitting
    status.withLock { status in
      Self.write(erase(status) + shown)
      status = fitting
    }
  }

  /// Leaves the status line as it stands and goes to the next.
  func endStatus() { status.withLock { Self.end(&$0) } }

  /// The same for the signal thread, which must not wait for a thread that is stuck writing to a full pipe.
  func endStatusIfFree() { _ = status.withLockIfAvailable { Self.end(&$0) } }

  private static func end(_ status: inout String) {
    if !status.isEmpty { write("\n") }
    status = ""
  }

  /// What takes the status line off the terminal. One that has become narrower since has wrapped it into several rows.
  private func erase(_ status: String) -> String {
    let rows = max(0, status.count - 1) / width
    return "\r" + (rows > 0 ? "\u{1B}[\(rows)A" : "") + "\u{1B}[J"
  }

  private static func write(_ text: String) { try? writeAll(text, to: STDERR_FILENO) }
}

/// Writes every byte, through short writes and interruptions; names of files as the bytes that they are.
func writeAll(_ text: String, to descriptor: Int32) throws(SystemFailure) {
  var rest = text.fileNameBytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) }
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemFailure(number: errno)
    }
    rest = rest.dropFirst(count)
  }
}

/// An `errno` with the system's words for it.
struct SystemFailure: Error, CustomStringConvertible {
  let number: Int32
  var description: String { String(cString: strerror(number)) }
}
