internal import CFFmpeg

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An AVIOContext over a ByteReader.
final class CustomInput {
  let context: UnsafeMutablePointer<AVIOContext>
  private let reader: any ByteReader

  init(_ reader: any ByteReader) {
    self.reader = reader
    let box = ReaderBox(reader)
    let opaque = Unmanaged.passRetained(box).toOpaque()
    let size = 65536
    let buffer = av_malloc(size)!.assumingMemoryBound(to: UInt8.self)
    context = allocated(
      avio_alloc_context(buffer, Int32(size), 0, opaque, readBytes, nil, reader.size == nil ? nil : seekBytes))
    context.pointee.seekable = reader.size == nil ? 0 : Int32(AVIO_SEEKABLE_NORMAL)
  }

  deinit {
    Unmanaged<ReaderBox>.fromOpaque(context.pointee.opaque).release()
    // The buffer may have been replaced by FFmpeg.
    av_free(context.pointee.buffer)
    var pointer: UnsafeMutablePointer<AVIOContext>? = context
    avio_context_free(&pointer)
  }
}

private final class ReaderBox {
  let reader: any ByteReader
  var position: Int64 = 0
  init(_ reader: any ByteReader) { self.reader = reader }
}

private func readBytes(_ opaque: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int32)
  -> Int32
{
  let box = Unmanaged<ReaderBox>.fromOpaque(opaque!).takeUnretainedValue()
  let got = box.reader.read(into: buffer!, Int(count))
  if got == 0 { return cff_eof }
  if got < 0 { return cff_error(Int32(-got)) }
  box.position += Int64(got)
  return Int32(got)
}

private func seekBytes(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: Int32) -> Int64 {
  let box = Unmanaged<ReaderBox>.fromOpaque(opaque!).takeUnretainedValue()
  guard let size = box.reader.size else { return Int64(cff_error(ESPIPE)) }
  let target: Int64
  switch whence & ~AVSEEK_FORCE {
  case AVSEEK_SIZE: return size
  case SEEK_SET: target = offset
  case SEEK_CUR: target = box.position + offset
  case SEEK_END: target = size + offset
  default: return Int64(cff_error(EINVAL))
  }
  guard box.reader.seek(to: target) else { return Int64(cff_error(EINVAL)) }
  box.position = target
  return target
}
