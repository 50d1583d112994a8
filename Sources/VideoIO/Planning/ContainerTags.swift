internal import CFFmpeg

/// Metadata that goes with the content, without what describes the old file.
enum ContainerTags {
  /// Tags of the whole file.
  static func copyGlobal(_ source: SourceInfo, to context: UnsafeMutablePointer<AVFormatContext>) {
    copy(source.snapshot.context.pointee.metadata, to: &context.pointee.metadata, where: isContent)
  }

  /// Whether a tag of the whole file speaks of its content, not of the file.
  static func isContent(_ key: String) -> Bool {
    !["major_brand", "minor_version", "compatible_brands", "encoder", "duration"].contains(key.lowercased())
  }

  /// Whether a tag of a stream says more than its container made up or states elsewhere.
  static func isStreamContent(_ key: String) -> Bool {
    let key = key.lowercased()
    let technical: Set<String> = [
      "handler_name", "vendor_id", "encoder", "language", "alpha_mode", "creation_time", "mimetype", "filename",
      "stereo_mode", "timecode",
      "rotate", "variant_bitrate", "reel_name", "file_package_umid", "track_name", "source_id", "id3v2_priv",
    ]
    return !technical.contains(key) && !isStatistic(key)
  }

  /// What muxers note of the streams that they wrote.
  private static func isStatistic(_ key: String) -> Bool {
    key == "duration"
      || ["duration-", "bps", "number_of_frames", "number_of_bytes", "_statistics"].contains { key.hasPrefix($0) }
  }

  static func copyStream(_ from: UnsafeMutablePointer<AVStream>, to: UnsafeMutablePointer<AVStream>, isReencoded: Bool)
  {
    copy(from.pointee.metadata, to: &to.pointee.metadata) { key in
      !isStatistic(key) && !(isReencoded && (key == "encoder" || key == "alpha_mode"))
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
      "title", "artist", "album_artist", "composer", "album", "date", "comment", "genre", "copyright", "grouping",
      "lyrics", "description",
      "synopsis", "show", "episode_id", "network", "keywords", "episode_sort", "season_number", "media_type",
      "hd_video",
      "gapless_playback", "compilation", "track", "disc", "creation_time", "encoding_tool", "timecode",
    ]
    return dictionary(context.pointee.metadata).keys.contains { key in
      // Localised tags ("title-deu") are stored with their parent.
      !atoms.contains(key) && !atoms.contains(String(key.prefix { $0 != "-" }))
    }
  }
}
