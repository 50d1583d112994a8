internal import CFFmpeg
internal import Glibc

/// An AVIOContext over a ByteReader.
final class CustomInput {
  private let owned: Owned<AVIOContext>
  /// The context knows it by address.
  private let box: ReaderBox

  var context: UnsafeMutablePointer<AVIOContext> { owned.pointer }

  init(_ reader: any ByteReader) {
    box = ReaderBox(reader)
    let size = 65536
    let buffer = av_malloc(size)!.assumingMemoryBound(to: UInt8.self)
    owned = Owned(
      avio_alloc_context(
        buffer, Int32(size), 0, Unmanaged.passUnretained(box).toOpaque(), readBytes, nil,
        reader.size == nil ? nil : seekBytes))
    context.pointee.seekable = reader.size == nil ? 0 : Int32(AVIO_SEEKABLE_NORMAL)
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
