/// Two files joined by `cat`, where a reader would see the first alone.
extension InputSource {
  /// Where the second file begins, in bytes; nil where there is none, or, of what is read once, none has passed yet.
  private var joint: Int64? {
    switch bytes {
    case .stream(let pipe): return pipe.joint
    case .spool(let spool): return InputSource.secondFileType { spool.read(at: $0, $1) }
    case .file:
      let head = beginning(64)
      guard var search = RepeatedBeginning(of: head) else { return nil }
      // Boxes and keys tell their lengths; of the others everything is looked through.
      if head[4...].starts(with: "ftyp".utf8) { return InputSource.secondFileType { bytes(at: $0, $1) ?? [] } }
      if MXFKey(header: head[...]).isHeaderPartition { return secondHeaderPartition() }
      var offset: Int64 = 0
      while search.place == nil, let block = bytes(at: offset, 1 << 20), !block.isEmpty {
        block.withUnsafeBytes { search.pass($0) }
        offset += Int64(block.count)
      }
      return search.place
    }
  }

  /// Refuses a file with another one behind it.
  func checkJoint() throws(VideoError) {
    guard let place = joint else { return }
    throw VideoError(
      .unsupported, file: path,
      "is two files joined as they were: the second begins at byte \(place), where players stop or go astray",
      remedy: isFile
        ? "take them apart: head -c \(place) INPUT >FIRST; tail -c +\(place + 1) INPUT >SECOND"
        : "send them one by one")
  }

  /// The second header partition among the keys of an MXF.
  private func secondHeaderPartition() -> Int64? {
    var offset: Int64 = 0
    while let head = bytes(at: offset, MXFKey.headerLength), head.count > MXFKey.shortestHeader {
      let key = MXFKey(header: head[...])
      if key.isHeaderPartition, offset > 0 { return offset }
      guard let size = key.size, offset < Int64.max / 2 else { return nil }
      offset += size
    }
    return nil
  }

  private var isFile: Bool { if case .file = bytes { true } else { false } }

  /// The second `ftyp` among the boxes at the top of an MP4, behind an index or pictures (ISO/IEC 14496-12, 4.3: one, at the beginning).
  private static func secondFileType(_ read: (Int64, Int) -> [UInt8]) -> Int64? {
    var hasContent = false
    var second: Int64?
    ISOBox.walk(read) { box, offset in
      if box.type == "ftyp", hasContent { second = offset }
      if box.type == "moov" || box.type == "mdat" { hasContent = true }
      return second == nil
    }
    return second
  }
}
