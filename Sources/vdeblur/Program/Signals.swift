import Glibc

/// Ends the program within moments of SIGINT, SIGTERM or SIGHUP, leaving neither an output nor a part of one.
///
/// A network may be seconds deep in one large frame, so nobody waits for the stages: one thread takes the signals,
/// removes what is unfinished, and lets the signal do its work, so that shells see 128 + n and stop their loops too.
enum Signals {
  /// Call before any other thread exists: threads inherit the mask, so the signals reach only the thread made here.
  /// - Parameter cleanUp: removes unfinished files; runs on the signal thread while the others still work.
  static func install(cleanUp: @escaping @Sendable () -> Void) {
    // A write to a closed pipe then fails with EPIPE where it happens, and the output is abandoned in order.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)  // likewise, a file at its size limit fails with EFBIG

    var handled = sigset_t()
    sigemptyset(&handled)
    // INT and TERM always, as ffmpeg does: a shell script starts its background jobs with INT ignored.
    sigaddset(&handled, SIGINT)
    sigaddset(&handled, SIGTERM)
    if !isIgnored(SIGHUP) { sigaddset(&handled, SIGHUP) }  // nohup asks for exactly that
    pthread_sigmask(SIG_BLOCK, &handled, nil)

    let signals = handled
    _ = NamedThread("signals") {
      var waiting = signals
      var number: Int32 = 0
      while sigwait(&waiting, &number) != 0 {}
      cleanUp()
      die(by: number)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return action.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) } == 1  // SIG_IGN
  }

  private static func die(by number: Int32) -> Never {
    Console.shared.endStatusIfFree()
    signal(number, SIG_DFL)
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, number)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
    kill(getpid(), number)
    _exit(128 + number)
  }
}
