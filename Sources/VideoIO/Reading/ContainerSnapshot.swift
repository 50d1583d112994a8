internal import CFFmpeg

/// A copy of a container's header: streams, chapters and tags, without its bytes.
///
/// An AVFormatContext that was never opened serves as the store, because FFmpeg knows how to copy and free its parts.
final class ContainerSnapshot: @unchecked Sendable {
  private let owned = Owned(avformat_alloc_context())
  var context: UnsafeMutablePointer<AVFormatContext> { owned.pointer }

  init(of demuxer: Demuxer) {
    let source = demuxer.context
    av_dict_copy(&context.pointee.metadata, source.pointee.metadata, 0)
    context.pointee.start_time = source.pointee.start_time
    context.pointee.duration = source.pointee.duration
    for info in demuxer.streams { append(demuxer.stream(info.index), to: context) }
    copyChapters(from: source, to: context)
    copyPrograms(from: source, to: context) { demuxer.place(of: $0) }
  }

  /// Service names of a transport stream's programs, empty where one has none.
  var programNames: [String] {
    (0..<Int(context.pointee.nb_programs)).map {
      dictionary(context.pointee.programs[$0]!.pointee.metadata)["service_name"] ?? ""
    }
  }

  /// Indices of the streams that belong to a program.
  var programStreams: Set<Int> {
    Set((0..<Int(context.pointee.nb_programs)).flatMap { streamIndices(of: context.pointee.programs[$0]!) })
  }

  func stream(_ index: Int) -> UnsafeMutablePointer<AVStream> { context.pointee.streams[index]! }
}
