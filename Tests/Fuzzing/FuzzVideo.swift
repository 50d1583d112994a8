import Glibc

/// libFuzzer's entry: arbitrary bytes through demuxer, decoder and both colour conversions. Compiled together with the sources of VideoIO.
///
/// A refusal is fine; a crash, a hang or memory beyond the limit is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzVideo(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  do throws(VideoError) {
    try decode(fuzzFile(holding: data, count))
  } catch {
    precondition(!error.description.isEmpty)
  }
  return 0
}

private func decode(_ path: String) throws(VideoError) {
  var options = ReaderOptions()
  options.memoryLimit = MemoryLimit(bytes: 16 << 20)
  options.acceptsInterlaced = true
  let reader = try VideoReader(path: path, options: options)
  let converter = try PixelConverter(for: reader.info)
  var rgb = [Float](repeating: 0, count: converter.sampleCount)
  var frames = 0
  // The first frames tell all that this code does; FFmpeg's decoders are not what is tested.
  while frames < 8, let item = try reader.next() {
    guard case .frame(let frame) = item else { continue }
    frames += 1
    var pixels = rgb.mutableSpan
    try converter.read(frame, into: &pixels)
    _ = try converter.write(rgb.span, like: frame)
  }
}
