import Glibc
import VideoIO

/// Progress for programs, in the key=value grammar of `ffmpeg -progress`: blocks of lines, each closed by
/// `progress=continue`, the last by `progress=end`.
final class ProgressReport {
  private let descriptor: Int32
  private let name: String
  private var closes: Bool

  /// - Parameter place: a file, made anew, a FIFO or an open descriptor.
  init(to place: OutputPlace) throws {
    name = place.path == "-" ? "standard output" : place.path
    closes = true
    switch place.target {
    case .descriptor(let number): (descriptor, closes) = (number, false)
    case .device(let path): descriptor = open(path.fileName, O_WRONLY | O_CLOEXEC)
    case .file(let path): descriptor = open(path.fileName, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else {
      throw Failure(.output, "\(name): cannot write the progress: \(SystemFailure(number: errno))")
    }
  }

  /// Whether a file holds the report of an earlier run, which a new one may replace, or nothing.
  static func isOneOrEmpty(_ path: String) -> Bool {
    var status = stat()
    guard stat(path.fileName, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return true }
    let file = open(path.fileName, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var beginning = [UInt8](repeating: 0, count: 6)
    return read(file, &beginning, 6) == 6 && beginning == Array("frame=".utf8)
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
    let microseconds = Int(limiting: advance.clipSeconds * 1e6)
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
