internal import CFFmpeg

/// Adds a stream with all that a header tells of `from`.
@discardableResult
func append(_ from: UnsafeMutablePointer<AVStream>, to context: UnsafeMutablePointer<AVFormatContext>)
  -> UnsafeMutablePointer<AVStream>
{
  let to = allocated(avformat_new_stream(context, nil))
  avcodec_parameters_copy(to.pointee.codecpar, from.pointee.codecpar)
  to.pointee.id = from.pointee.id
  to.pointee.time_base = from.pointee.time_base
  to.pointee.start_time = from.pointee.start_time
  to.pointee.duration = from.pointee.duration
  to.pointee.nb_frames = from.pointee.nb_frames
  to.pointee.disposition = from.pointee.disposition
  to.pointee.discard = from.pointee.discard
  to.pointee.sample_aspect_ratio = from.pointee.sample_aspect_ratio
  to.pointee.avg_frame_rate = from.pointee.avg_frame_rate
  to.pointee.r_frame_rate = from.pointee.r_frame_rate
  av_dict_copy(&to.pointee.metadata, from.pointee.metadata, 0)
  copySideData(from, to)
  if from.pointee.attached_pic.size > 0 { av_packet_ref(&to.pointee.attached_pic, &from.pointee.attached_pic) }
  return to
}

/// Copies the side data of a stream, except the kinds for which `keep` is false.
func copySideData(
  _ from: UnsafeMutablePointer<AVStream>, _ to: UnsafeMutablePointer<AVStream>,
  keep: (AVPacketSideDataType) -> Bool = { _ in true }
) {
  for i in 0..<cff_stream_side_data_count(from) {
    let item = cff_stream_side_data_at(from, i)!.pointee
    guard keep(item.type), let data = cff_stream_new_side_data(to, item.type, item.size) else { continue }
    data.update(from: item.data, count: item.size)
  }
}

/// The number with which side data of a stream begins: of a stereo or spherical description its kind (AVStereo3D.type,
/// AVSphericalMapping.projection); nil where there is none.
func leadingNumber(of type: AVPacketSideDataType, in stream: UnsafeMutablePointer<AVStream>) -> UInt32? {
  for i in 0..<cff_stream_side_data_count(stream) {
    let item = cff_stream_side_data_at(stream, i)!.pointee
    if item.type == type, item.size >= 4 { return UnsafeRawPointer(item.data!).loadUnaligned(as: UInt32.self) }
  }
  return nil
}

/// Copies the programs of a transport stream. `place` gives the index of a stream in the other context.
func copyPrograms(
  from: UnsafeMutablePointer<AVFormatContext>, to: UnsafeMutablePointer<AVFormatContext>, place: (Int) -> Int?
) {
  for i in 0..<Int(from.pointee.nb_programs) {
    let program = from.pointee.programs[i]!
    guard let copy = av_new_program(to, program.pointee.id) else { continue }
    av_dict_copy(&copy.pointee.metadata, program.pointee.metadata, 0)
    for index in streamIndices(of: program).compactMap(place) {
      av_program_add_stream_index(to, copy.pointee.id, UInt32(index))
    }
  }
}

/// Copies chapters. `place` moves a chapter's start and end, in its time base, or drops it.
func copyChapters(
  from: UnsafeMutablePointer<AVFormatContext>, to: UnsafeMutablePointer<AVFormatContext>,
  place: (AVRational, Range<Int64>) -> Range<Int64>? = { $1 }
) {
  let count = Int(from.pointee.nb_chapters)
  guard count > 0 else { return }
  let list = av_calloc(count, MemoryLayout<UnsafeMutablePointer<AVChapter>?>.size)!
    .assumingMemoryBound(to: UnsafeMutablePointer<AVChapter>?.self)
  var kept = 0
  for i in 0..<count {
    let chapter = from.pointee.chapters[i]!.pointee
    let span = chapter.start..<max(chapter.start, chapter.end)
    guard let placed = place(chapter.time_base, span) else { continue }
    let copy = av_mallocz(MemoryLayout<AVChapter>.size)!.assumingMemoryBound(to: AVChapter.self)
    copy.pointee.id = chapter.id
    copy.pointee.time_base = chapter.time_base
    copy.pointee.start = placed.lowerBound
    copy.pointee.end = placed.upperBound
    av_dict_copy(&copy.pointee.metadata, chapter.metadata, 0)
    list[kept] = copy
    kept += 1
  }
  to.pointee.chapters = list
  to.pointee.nb_chapters = UInt32(kept)
}

func streamIndices(of program: UnsafeMutablePointer<AVProgram>) -> [Int] {
  (0..<Int(program.pointee.nb_stream_indexes)).map { Int(program.pointee.stream_index[$0]) }
}
