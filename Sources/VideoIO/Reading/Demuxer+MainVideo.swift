extension Demuxer {
  /// The video that is processed: the one that is meant to be shown by default, else the first of about the longest.
  ///
  /// A cover, and a single picture before the film, is never the video.
  /// - Parameter index: the stream to take instead; nil chooses.
  /// - Throws: when there is none, saying what there is instead.
  public func mainVideo(_ index: Int? = nil) throws(VideoError) -> StreamInfo {
    let videos = streams.filter { $0.kind == .video }
    if let index {
      guard let chosen = videos.first(where: { $0.index == index }) else {
        let numbers = videos.map { "\($0.index)" }.joined(separator: ", ")
        throw VideoError(
          .unsupported, file: path, "has no video stream \(index)",
          remedy: videos.isEmpty ? nil : "choose one of these: \(numbers)")
      }
      return chosen
    }
    let stills: Set = ["attached_pic", "timed_thumbnails", "still_image"]
    let films = videos.filter { stills.isDisjoint(with: $0.dispositions) }
    guard !films.isEmpty else { throw noVideo(videos) }
    let longest = films.map(length).max() ?? 0
    // A thumbnail may be flagged as default; it still is no film.
    let moving = films.filter { length(of: $0) * 50 >= longest }
    let wanted = moving.filter { $0.dispositions.contains("default") }
    let candidates = wanted.isEmpty ? moving : wanted
    let most = candidates.map(length).max() ?? 0
    return candidates.first { length(of: $0) * 2 >= most } ?? films[0]
  }

  /// Refuses what can be read only once and has, later than `main`, another video that may be its continuation.
  func checkForChange(of main: StreamInfo) throws(VideoError) {
    guard Survey.isNeeded(for: formatName), let start = main.startTime else { return }
    for other in streams where other.kind == .video && other.index != main.index {
      guard let time = other.startTime, time > start + 0.5 else { continue }
      throw VideoError(
        .unsupported, file: path, "changes to another video stream (\(other.codec))", place: "at \(moment(time))",
        remedy: "save it as a file, and name the file")
    }
  }

  /// Seconds, as far as headers, index or tags tell; as long as can be where they do not.
  private func length(of video: StreamInfo) -> Double {
    if let duration = video.duration { return duration }
    if let end = seconds(clock: video.metadata["DURATION"]) { return end - (video.startTime ?? 0) }
    let rate = video.frameRate.value
    return video.announcedFrames > 0 && rate > 0 ? Double(video.announcedFrames) / rate : .greatestFiniteMagnitude
  }

  private func noVideo(_ videos: [StreamInfo]) -> VideoError {
    let problem: String
    if !videos.isEmpty {
      problem = "has a cover picture but no video"
    } else if streams.contains(where: { $0.kind == .audio }) {
      problem = "has sound but no video"
    } else {
      problem = "holds no video stream"
    }
    return VideoError(.input, file: path, problem, remedy: "name a file with moving pictures")
  }
}

/// `00:01:02.500` in seconds, as Matroska's muxers note where a track ends.
func seconds(clock text: String?) -> Double? {
  let parts = (text ?? "").split(separator: ":").compactMap { Double($0) }
  return parts.count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : nil
}
