import Glibc

/// Standard input, output and error exist, whoever started the program.
enum StandardDescriptors {
  /// Opens what is closed among descriptors 0 to 2, so that no file or pipe of ours gets such a number and then a message or a video.
  ///
  /// What is opened gives an error to whoever uses it, as the closed one would: 0 can only be written, 1 and 2 can only be read (glibc does so
  /// for privileged programs, csu/check_fds.c). Call before anything else is opened.
  static func ensure() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 && errno == EBADF {
      // The lowest free number is taken; without /dev, the root folder serves.
      if open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY) < 0 { _ = open("/", O_RDONLY) }
    }
  }

  /// Sends messages from here on to standard output, if that is a terminal, else nowhere.
  static func turnMessagesAway() {
    let place = isatty(STDOUT_FILENO) == 1 ? STDOUT_FILENO : open("/dev/null", O_WRONLY | O_CLOEXEC)
    if place >= 0 { dup2(place, STDERR_FILENO) } else { close(STDERR_FILENO) }
  }
}
