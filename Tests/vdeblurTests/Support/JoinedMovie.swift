import Foundation

/// An MP4 in which all sound lies after all pictures, made of two MP4 files with one track each: no muxer of ffmpeg writes such a file.
enum JoinedMovie {
  static func write(pictures: URL, sound: URL, to output: URL) throws {
    let (video, audio) = (Movie(try Data(contentsOf: pictures)), Movie(try Data(contentsOf: sound)))
    let first = video.fileType.count
    let tracks =
      video.track(number: 1, movedBy: first - video.samplesStart)
      + audio.track(number: 2, movedBy: first + video.samples.count - audio.samplesStart)
    let index = video.header + tracks
    var joined = video.fileType + video.samples + audio.samples
    joined += bigEndian(UInt32(index.count + 8)) + Data("moov".utf8) + index
    try joined.write(to: output)
  }

  /// The parts of an MP4 file (ISO/IEC 14496-12) with one track and 32-bit sizes.
  private struct Movie {
    let fileType, samples, header, track: Data
    let samplesStart: Int

    init(_ file: Data) {
      let top = boxes(file)
      let index = boxes(Data(top["moov"]!.data.dropFirst(8)))
      (fileType, samples, samplesStart) = (top["ftyp"]!.data, top["mdat"]!.data, top["mdat"]!.start)
      (header, track) = (index["mvhd"]!.data, index["trak"]!.data)
    }

    /// The track with its number and its table of chunk offsets (stco) changed.
    func track(number: UInt32, movedBy distance: Int) -> Data {
      var track = [UInt8](self.track)
      func place(of type: String) -> Int {
        track.indices.first { track[$0...].starts(with: type.utf8) }!
      }
      func change(at place: Int, _ value: (Int) -> Int) {
        let old = track[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
        track.replaceSubrange(place..<(place + 4), with: bigEndian(UInt32(value(old))))
      }
      change(at: place(of: "tkhd") + 16) { _ in Int(number) }
      let table = place(of: "stco")
      let count = track[(table + 8)..<(table + 12)].reduce(0) { $0 << 8 | Int($1) }
      for entry in 0..<count { change(at: table + 12 + 4 * entry) { $0 + distance } }
      return Data(track)
    }
  }

  /// Boxes by type, each with its own header.
  private static func boxes(_ data: Data) -> [String: (start: Int, data: Data)] {
    var result: [String: (start: Int, data: Data)] = [:]
    var offset = 0
    while offset + 8 <= data.count {
      let size = data[(offset)..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
      result[String(decoding: data[(offset + 4)..<(offset + 8)], as: UTF8.self)] = (
        offset, Data(data[offset..<(offset + size)])
      )
      offset += size
    }
    return result
  }

  private static func bigEndian(_ value: UInt32) -> Data {
    Data((0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) })
  }
}
