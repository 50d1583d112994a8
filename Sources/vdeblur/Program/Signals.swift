import Glibc

/// Ends the program within moments of SIGINT, SIGTERM or SIGHUP, leaving neither an output nor a part of one.
///
/// A network may be seconds deep in one large frame, so nobody waits for the stages: a thread of its own removes what
/// is unfinished and lets the signal do its work, so that shells see 128 + n and stop their loops too.
enum Signals {
  /// The writing end of the pipe by which the handler tells the thread. Libraries start threads before `main` that
  /// block no signal, so a handler takes them on whichever thread they arrive, and may do no more than write(2).
  private nonisolated(unsafe) static var bell: Int32 = -1

  /// - Parameter cleanUp: removes unfinished files; runs on a thread of its own while the others still work.
  static func install(cleanUp: @escaping @Sendable () -> Void) {
    // A write to a closed pipe then fails with EPIPE where it happens, and the output is abandoned in order.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)  // likewise, a file at its size limit fails with EFBIG

    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }  // then signals simply end the program
    let listening = ends[0]
    bell = ends[1]
    NamedThread("signals") {
      var number: UInt8 = 0
      while read(listening, &number, 1) != 1 {}
      cleanUp()
      die(by: Int32(number))
    }
    // INT and TERM always, as ffmpeg does: a shell script starts its background jobs with INT ignored.
    handle(SIGINT)
    handle(SIGTERM)
    if !isIgnored(SIGHUP) { handle(SIGHUP) }  // nohup asks for exactly that
  }

  /// Also unblocks the signal: programs with worker threads start others with all signals blocked.
  private static func handle(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      let saved = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(Signals.bell, &byte, 1)
      errno = saved
    }
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
    unblock(number)
  }

  private static func unblock(_ number: Int32) {
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, number)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return action.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) } == 1  // SIG_IGN
  }

  private static func die(by number: Int32) -> Never {
    Console.shared.endStatusIfFree()
    unblock(number)
    signal(number, SIG_DFL)
    raise(number)
    _exit(128 + number)
  }
}
