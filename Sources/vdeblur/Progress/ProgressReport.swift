import Glibc

/// Progress for programs, in the key=value grammar of `ffmpeg -progress`: blocks of lines, each closed by
/// `progress=continue`, the last by `progress=end`.
final class ProgressReport {
  private let descriptor: Int32
  private let name: String
  private let closes: Bool

  /// - Parameter path: a file, made anew, or a FIFO; `-` is standard output.
  init(path: String) throws {
    if path == "-" {
      (descriptor, name, closes) = (STDOUT_FILENO, "standard output", false)
      return
    }
    let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard opened >= 0 else {
      throw Failure(.output, "\(path): cannot write the progress: \(SystemFailure(number: errno))")
    }
    (descriptor, name, closes) = (opened, path, true)
  }

  deinit { if closes { close(descriptor) } }

  /// Nobody listening any more is no reason to stop the work, a full disk is.
  func write(_ advance: Advance, ended: Bool) throws {
    do {
      try writeAll(Self.block(advance, ended: ended), to: descriptor)
    } catch let failure where failure.number != EPIPE {
      throw Failure(.output, "\(name): cannot write the progress: \(failure)")
    } catch {}
  }

  static func block(_ advance: Advance, ended: Bool) -> String {
    let microseconds = Int((advance.clipSeconds * 1e6).rounded())
    let (hours, minutes) = (microseconds / 3_600_000_000, microseconds / 60_000_000 % 60)
    let seconds = fixed(Double(microseconds % 60_000_000) / 1e6, 6)
    let bitrate =
      advance.clipSeconds > 0 ? fixed(Double(advance.bytes) * 8e-3 / advance.clipSeconds, 1) + "kbits/s" : "N/A"
    return """
      frame=\(advance.frames)
      fps=\(fixed(advance.framesPerSecond, 2))
      bitrate=\(bitrate)
      total_size=\(advance.bytes)
      out_time_us=\(microseconds)
      out_time_ms=\(microseconds)
      out_time=\(twoDigits(hours)):\(twoDigits(minutes)):\(seconds.count < 9 ? "0" : "")\(seconds)
      dup_frames=0
      drop_frames=0
      speed=\(fixed(advance.speed, 3))x
      progress=\(ended ? "end" : "continue")

      """
  }

  private static func twoDigits(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
}
