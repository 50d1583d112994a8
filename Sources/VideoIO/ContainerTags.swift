internal import CFFmpeg

/// Metadata that goes with the content, without what describes the old file.
enum ContainerTags {
  /// Tags of the whole file.
  static func copyGlobal(_ source: SourceInfo, to context: UnsafeMutablePointer<AVFormatContext>) {
    copy(source.snapshot.context.pointee.metadata, to: &context.pointee.metadata) { key in
      !["major_brand", "minor_version", "compatible_brands", "encoder", "duration"].contains(key)
    }
  }

  static func copyStream(_ from: UnsafeMutablePointer<AVStream>, to: UnsafeMutablePointer<AVStream>, isReencoded: Bool) {
    copy(from.pointee.metadata, to: &to.pointee.metadata) { key in
      if key == "duration" || key.hasPrefix("duration-") { return false }
      if isReencoded, key == "encoder" || key == "alpha_mode" { return false }
      return !["bps", "number_of_frames", "number_of_bytes", "_statistics"].contains { key.hasPrefix($0) }
    }
  }

  private static func copy(_ from: OpaquePointer?, to: inout OpaquePointer?, where keep: (String) -> Bool) {
    var entry = av_dict_get(from, "", nil, AV_DICT_IGNORE_SUFFIX)
    while let e = entry {
      if keep(String(cString: e.pointee.key).lowercased()) { av_dict_set(&to, e.pointee.key, e.pointee.value, 0) }
      entry = av_dict_get(from, "", e, AV_DICT_IGNORE_SUFFIX)
    }
  }

  /// Whether some tag of an MP4 has no iTunes atom, so that all must be stored as free keys (movflags use_metadata_tags).
  static func needsMetadataKeys(_ context: UnsafeMutablePointer<AVFormatContext>) -> Bool {
    let atoms: Set<String> = [
      "title", "artist", "album_artist", "composer", "album", "date", "comment", "genre", "copyright", "grouping", "lyrics", "description",
      "synopsis", "show", "episode_id", "network", "keywords", "episode_sort", "season_number", "media_type", "hd_video",
      "gapless_playback", "compilation", "track", "disc", "creation_time", "encoding_tool", "timecode",
    ]
    return dictionary(context.pointee.metadata).keys.contains { key in
      // Localised tags ("title-deu") are stored with their parent.
      !atoms.contains(key) && !atoms.contains(String(key.prefix { $0 != "-" }))
    }
  }
}
