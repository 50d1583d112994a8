/// How the program ended, as the shell sees it in `$?`. Ended by signal n it is 128 + n, a closed pipe included (141).
enum ExitStatus: Int32 {
  case success = 0
  /// The networks, their weights or the memory.
  case processing = 1
  /// The command line: unknown option, contradiction, missing argument.
  case usage = 2
  /// The source cannot be opened, read or decoded.
  case input = 3
  /// The result cannot be encoded or written.
  case output = 4
  /// Not on this machine: it computes other bits than the one that planned the parts.
  case otherMachine = 5
  /// The reader of our pipe went away: 128 + SIGPIPE, and no message.
  case brokenPipe = 141
}

/// What stops a command: its exit status, and one line that names file, cause and remedy.
struct Failure: Error, CustomStringConvertible {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  var description: String { message }

  static func usage(_ message: String) -> Failure { Failure(.usage, message) }
}
