import Glibc
import Synchronization

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

  /// Writes a whole line above the status line.
  func line(_ text: String) {
    status.withLock { status in
      Self.write((status.isEmpty ? "" : Self.eraseLine) + text + "\n" + status)
    }
  }

  /// Draws the status line over the one before. Text longer than the terminal is wide would wrap and pile up: it is
  /// cut.
  func setStatus(_ text: String) {
    guard isTerminal else { return }
    let fitting = String(text.prefix(max(1, width - 1)))
    status.withLock { status in
      Self.write(Self.eraseLine + fitting)
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

  /// Carriage return, then the erase sequence that every terminal since the VT100 knows.
  private static let eraseLine = "\r\u{1B}[K"

  private static func write(_ text: String) { try? writeAll(text, to: STDERR_FILENO) }
}

/// Writes every byte, through short writes and interruptions.
func writeAll(_ text: String, to descriptor: Int32) throws(SystemFailure) {
  var rest = Array(text.utf8)[...]
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
