internal import CFFmpeg

/// What a file is that could not be opened as a video, in words that help.
func diagnosis(of source: InputSource, _ status: StatusCode) -> VideoError {
  let head = source.beginning(65536)
  func error(_ problem: String, remedy: String? = nil) -> VideoError {
    VideoError(.input, file: source.path, problem, remedy: remedy, code: status)
  }
  if head.isEmpty { return error("is empty (0 bytes)") }
  if head.allSatisfy({ $0 == 0 }) { return error("holds only zeros", remedy: "copy or download the file again") }
  if let boxes = topLevelBoxes(head), !boxes.contains("moov") {
    if status == .invalidData || status == .endOfFile {
      return error(
        "has no index (moov): the recording was not finished, or the end of the file is missing",
        remedy: "copy the file again, or recover it with a tool such as untrunc")
    }
  }
  if let format = probedFormat(head) {
    if status.systemNumber == ENOMEM {
      return error(
        "announces sizes that need more memory than is allowed", remedy: "the header is damaged: copy the file again")
    }
    if status == .invalidData || status == .endOfFile {
      return error("looks like \(format.name) but its header is damaged or cut off", remedy: "copy the file again")
    }
    if status.systemNumber == EINVAL || status.rawValue == cff_protocol_not_found {
      return error(
        "is read as \"\(format.name)\" (\(format.title)), which is not a video container that is accepted",
        remedy: "name the video file itself")
    }
    return error("looks like \(format.name) but cannot be opened: \(status)")
  }
  let text = head.allSatisfy { $0 >= 9 && $0 != 127 && ($0 >= 32 || $0 <= 13) }
  if text { return error("is a text file, not a video", remedy: "name a video file") }
  if status == .invalidData || status == .endOfFile || status.systemNumber == EINVAL {
    return error("is not a video that FFmpeg knows", remedy: "name a video file")
  }
  return error("cannot be opened: \(status)")
}

/// The types of the top-level boxes that begin within `bytes`; nil when it is not ISO base media.
private func topLevelBoxes(_ bytes: [UInt8]) -> [String]? {
  guard bytes.count >= 16 else { return nil }
  let known: Set<String> = [
    "ftyp", "moov", "mdat", "free", "skip", "wide", "moof", "styp", "sidx", "uuid", "pnot", "meta",
  ]
  var types: [String] = []
  var offset = 0
  while offset + ISOBox.headerLength <= bytes.count {
    let box = ISOBox(header: bytes[offset..<(offset + ISOBox.headerLength)])
    guard known.contains(box.type) else { return types.isEmpty ? nil : types }
    types.append(box.type)
    guard let size = box.size else { break }
    offset += size
  }
  return types
}

private func probedFormat(_ bytes: [UInt8]) -> (name: String, title: String)? {
  // FFmpeg's probes read a little past the end.
  var padded = bytes + [UInt8](repeating: 0, count: 64)
  return padded.withUnsafeMutableBufferPointer { buffer in
    var data = AVProbeData()
    data.buf = buffer.baseAddress
    data.buf_size = Int32(bytes.count)
    // Below this score FFmpeg itself would rather see more bytes (AVPROBE_SCORE_RETRY).
    var score: Int32 = 25
    guard let format = av_probe_input_format2(&data, 1, &score) else { return nil }
    return (String(cString: format.pointee.name), String(cString: format.pointee.long_name))
  }
}
