internal import CFFmpeg

/// FFmpeg's or the system's own words for a status code (av_strerror).
func reason(of code: Int32) -> String {
  switch code {
  case cff_invalid_data: return "the data is damaged or not what it claims to be"
  case cff_eof: return "the file ends too early"
  default: break
  }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
    av_strerror(code, text.baseAddress, text.count)
    return String(cString: text.baseAddress!)
  }
}
