internal import CFFmpeg
internal import Glibc

/// The file descriptor behind an AVIOContext.
final class OutputSink {
  private(set) var descriptor: Int32
  let isSeekable: Bool
  var position: Int64 = 0
  /// One past the last byte written.
  var highest: Int64 = 0

  init(descriptor: Int32, isSeekable: Bool) {
    self.descriptor = descriptor
    self.isSeekable = isSeekable
  }

  deinit { _ = close() }

  /// An AVIOContext that writes here; it must not outlive the sink.
  func makeContext() -> Owned<AVIOContext> {
    let size = 1 << 18
    let buffer = av_malloc(size)!.assumingMemoryBound(to: UInt8.self)
    let context = Owned(
      cff_new_writer(
        buffer, Int32(size), Unmanaged.passUnretained(self).toOpaque(), writeBytes, isSeekable ? seekOutput : nil))
    context.pointer.pointee.seekable = isSeekable ? Int32(AVIO_SEEKABLE_NORMAL) : 0
    return context
  }

  func write(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var done = 0
    while done < count {
      let n = Glibc.write(descriptor, bytes + done, count - done)
      if n < 0 {
        if errno == EINTR { continue }
        return cff_error(errno)
      }
      done += n
    }
    position += Int64(count)
    highest = max(highest, position)
    return Int32(count)
  }

  func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 { return highest }
    let result = lseek(descriptor, off_t(offset), whence & ~AVSEEK_FORCE)
    if result < 0 { return Int64(cff_error(errno)) }
    position = Int64(result)
    return position
  }

  /// False when the system could not write the rest (errno says why).
  func close() -> Bool {
    guard descriptor >= 0 else { return true }
    let result = Glibc.close(descriptor)
    descriptor = -1
    return result == 0
  }
}

private func writeBytes(_ opaque: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<UInt8>?, _ count: Int32) -> Int32 {
  Unmanaged<OutputSink>.fromOpaque(opaque!).takeUnretainedValue().write(bytes!, Int(count))
}

private func seekOutput(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: Int32) -> Int64 {
  Unmanaged<OutputSink>.fromOpaque(opaque!).takeUnretainedValue().seek(offset, whence)
}
