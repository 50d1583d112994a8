internal import CFFmpeg

/// What a stream carries (AVMediaType).
public enum StreamKind: String, Sendable, CaseIterable {
  /// FFmpeg's media types, by their names there.
  case video, audio, subtitle, data, attachment, unknown

  init(_ type: AVMediaType) {
    switch type {
    case AVMEDIA_TYPE_VIDEO: self = .video
    case AVMEDIA_TYPE_AUDIO: self = .audio
    case AVMEDIA_TYPE_SUBTITLE: self = .subtitle
    case AVMEDIA_TYPE_DATA: self = .data
    case AVMEDIA_TYPE_ATTACHMENT: self = .attachment
    default: self = .unknown
    }
  }
}
