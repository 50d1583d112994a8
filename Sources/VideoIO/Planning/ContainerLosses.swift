internal import CFFmpeg

/// What a container, as FFmpeg writes it, cannot hold of what lies around the pictures and the copied packets: one line a loss.
///
/// The lists follow what FFmpeg 5.1 reads back from its own files.
struct ContainerLosses {
  private let source: SourceInfo
  private let container: Container
  /// The streams that are written.
  private let kept: [StreamInfo]

  init(_ source: SourceInfo, _ container: Container, kept: [StreamInfo]) {
    self.source = source
    self.container = container
    self.kept = kept
  }

  /// - Parameter encoder: whether its bitstream says how bright the picture may be.
  func list(encoder: String) -> [String] {
    var lines: [String] = []
    func lose(_ what: String) { lines.append("\(container.name) loses \(what)") }
    func lose(_ noun: String, _ names: [String], of stream: StreamInfo? = nil) {
      guard !names.isEmpty else { return }
      lose(
        "the \(noun)\(names.count == 1 ? "" : "s") \(names.sorted().joined(separator: ", "))\(stream.map { " of stream \($0.index) (\($0.kind.rawValue))" } ?? "")"
      )
    }
    lose("tag", source.metadata.keys.filter { ContainerTags.isContent($0) && !container.holds(tag: $0) })
    if !source.chapters.isEmpty, container.isMPEGTS || container.isAVI || container.isY4M {
      lose(source.chapters.count == 1 ? "the chapter" : "the \(source.chapters.count) chapters")
    }
    let chapterEnds = [0.0] + source.chapters.map(\.end)
    if container.isISOMedia, zip(chapterEnds, source.chapters).contains(where: { $1.start - $0 > 0.001 }) {
      lines.append(
        "\(container.name) knows no gaps between chapters: each lasts until the next, and the first begins at 0")
    }
    for stream in kept {
      lose(
        "tag", stream.metadata.keys.filter { ContainerTags.isStreamContent($0) && !container.holds(streamTag: $0) },
        of: stream)
      if let language = stream.language, language != "und",
        !container.holds(language: language) || (container.isMPEGTS && stream.kind == .video)
      {
        lose("language", [language], of: stream)
      }
      let peers = kept.filter { $0.kind == stream.kind && !$0.isCover }
      lose(
        "disposition",
        stream.dispositions.filter { !container.holds(disposition: $0) && ($0 != "default" || peers.count > 1) },
        of: stream)
      if container.name == "nut", stream.codec == "eac3" {
        lines.append(
          "nut has one name for AC-3 and E-AC-3: players take stream \(stream.index) (eac3) for ac3, whose decoders play it"
        )
      }
      if container.isISOMedia, ["mp1", "mp2"].contains(stream.codec) {
        lines.append(
          "\(container.name) has one name for MPEG sound: players take stream \(stream.index) (\(stream.codec)) for mp3, whose decoders play it"
        )
      }
    }
    if source.snapshot.programNames.count > 1
      || source.snapshot.programNames.contains(where: { $0 != "Service01" && $0 != "" }),
      !keepsPrograms
    {
      lose("program", source.snapshot.programNames.map { $0.isEmpty ? "without a name" : $0 })
    }
    for what in sideData(encoder) { lose(what) }
    let aspect = source.video.sampleAspectRatio
    if container.name == "webm", aspect.isKnown,
      source.video.width * Int(aspect.numerator) % Int(aspect.denominator) != 0
    {
      lines.append("webm states shapes in whole pixels: the sample aspect ratio \(aspect) is rounded")
    }
    if let place = source.video.colour.chromaLocation, !["left", "unspecified"].contains(place),
      encoder.hasPrefix("libx264"),
      let layout = PixelLayout.planarEquivalent(of: source.firstFrame.format), layout.chromaShiftX == 1,
      layout.chromaShiftY == 0
    {
      lines.append("H.264 says where chroma samples lie for 4:2:0 only: \(place) is lost")
    }
    return lines
  }

  /// Transport streams hold programs, if every stream belongs to one.
  var keepsPrograms: Bool {
    container.isMPEGTS && kept.allSatisfy { source.snapshot.programStreams.contains($0.index) }
  }

  private func sideData(_ encoder: String) -> [String] {
    let stream = source.snapshot.stream(source.video.index)
    let types = Set(
      (0..<cff_stream_side_data_count(stream)).map { cff_stream_side_data_at(stream, $0)!.pointee.type.rawValue })
    let frame = source.firstFrame.pointer
    func has(_ type: AVPacketSideDataType) -> Bool { types.contains(type.rawValue) }
    func has(_ type: AVFrameSideDataType) -> Bool { av_frame_get_side_data(frame, type) != nil }
    var lost: [String] = []
    if let stereo = leadingNumber(of: AV_PKT_DATA_STEREO3D, in: stream), !container.keeps(stereo: stereo) {
      lost.append("the stereo description")
    }
    if has(AV_PKT_DATA_SPHERICAL), !container.keepsProjection { lost.append("the spherical description") }
    if !container.keepsTimecode, source.timecode != nil, !container.isAVI || source.metadata["timecode"] == nil {
      lost.append("the timecode")
    }
    if !container.isISOMedia, !container.isMatroska {
      if encoder != "libx265" {
        if has(AV_PKT_DATA_MASTERING_DISPLAY_METADATA) || has(AV_FRAME_DATA_MASTERING_DISPLAY_METADATA) {
          lost.append("the mastering display")
        }
        if has(AV_PKT_DATA_CONTENT_LIGHT_LEVEL) || has(AV_FRAME_DATA_CONTENT_LIGHT_LEVEL) {
          lost.append("the content light level")
        }
      }
    }
    if has(AV_PKT_DATA_ICC_PROFILE) || has(AV_FRAME_DATA_ICC_PROFILE) { lost.append("the ICC profile") }
    return lost
  }
}

extension Container {
  fileprivate func holds(tag: String) -> Bool {
    if isMPEGTS { return ["service_name", "service_provider"].contains(tag) }
    if isAVI {
      return [
        "title", "artist", "comment", "date", "genre", "copyright", "track", "language", "encoded_by", "timecode",
      ].contains(tag.lowercased())
    }
    return !isY4M
  }

  /// A track's title goes into MP4 at a place where FFmpeg itself does not look for it.
  fileprivate func holds(streamTag tag: String) -> Bool {
    isMatroska || name == "nut" || (isAVI && tag.lowercased() == "title")
  }

  fileprivate func holds(language: String) -> Bool {
    if name == "mov" { return QuickTimeLanguage.code(for: language) != nil }
    if isISOMedia { return language.utf8.count == 3 && language.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A } }
    if isMPEGTS { return language.utf8.count == 3 }
    return !isAVI && !isY4M
  }

  fileprivate func holds(disposition: String) -> Bool {
    let held: Set<String>
    if isMatroska {
      held = ["default", "forced", "original", "dub", "comment", "hearing_impaired", "visual_impaired", "descriptions"]
    } else if name == "mov" {
      held = ["default"]
    } else if isISOMedia {
      held = ["default", "forced", "dub", "comment", "hearing_impaired", "visual_impaired", "captions", "descriptions"]
    } else if isMPEGTS {
      held = ["hearing_impaired", "visual_impaired", "clean_effects"]
    } else if name == "nut" {
      held = ["default", "dub", "original", "comment", "lyrics", "karaoke"]
    } else {
      held = []
    }
    return held.contains(disposition) || ["attached_pic", "timed_thumbnails", "still_image"].contains(disposition)
  }
}
