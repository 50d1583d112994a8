internal import CFFmpeg
internal import Glibc

/// SHA-256 (FIPS 180-4; av_sha_init) of bytes that come bit by bit.
public struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// Of nothing yet.
  public init() {
    guard let context = av_sha_alloc() else { fatalError("out of memory") }
    self.context = context
    av_sha_init(context, 256)
  }

  deinit { av_free(UnsafeMutableRawPointer(context)) }

  /// Adds bytes.
  public mutating func add(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, bytes.count > 0 else { return }
      av_sha_update(context, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
  }

  /// Adds text as UTF-8.
  public mutating func add(_ text: String) { add(Array(text.utf8).span.bytes) }

  /// The 32 bytes of the hash; begins anew.
  public mutating func finish() -> [UInt8] {
    defer { av_sha_init(context, 256) }
    return [UInt8](unsafeUninitializedCapacity: 32) { buffer, filled in
      av_sha_final(context, buffer.baseAddress)
      filled = 32
    }
  }

  /// The hash as 64 lower-case digits; begins anew.
  public mutating func finishHex() -> String { hexadecimal(finish()) }

  /// The hash of some bytes, as 64 digits.
  public static func hex(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.add(bytes.span.bytes)
    return hash.finishHex()
  }

  /// The hash of a file, as 64 digits.
  /// - Parameter samples: nil for all bytes; else only so many blocks of 64 KiB, spread evenly from the first to the last, and the size.
  public static func hex(ofFile path: String, samples: Int? = nil) throws(VideoError) -> String {
    let descriptor = open(path.fileName, O_RDONLY | O_CLOEXEC)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    let (size, block) = (Int(status.st_size), samples == nil ? 1 << 20 : 1 << 16)
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: block)
    let blocks = (size + block - 1) / block
    if samples != nil { hash.add("\(size)") }
    let chosen = min(blocks, max(2, samples ?? blocks))
    for i in 0..<chosen {
      let index = chosen == blocks ? i : i * (blocks - 1) / (chosen - 1)
      let wanted = min(block, size - index * block)
      var done = 0
      while done < wanted {
        let count = buffer.withUnsafeMutableBytes {
          pread(descriptor, $0.baseAddress! + done, wanted - done, off_t(index * block + done))
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw unreadable(path) }
        done += count
      }
      hash.add(buffer.span.extracting(first: wanted).bytes)
    }
    return hash.finishHex()
  }

  private static func unreadable(_ path: String) -> VideoError {
    VideoError(.input, file: path, "cannot be read", because: StatusCode(errno: errno == 0 ? EIO : errno))
  }
}

/// Two lower-case digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
