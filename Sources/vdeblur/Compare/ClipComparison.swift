import Deblur
import Logging
import VideoIO

/// Measures clips against a reference, frame by frame in display order.
///
/// Holds one picture of each at a time; the scores are all that grows with the length.
struct ClipComparison {
  /// What the user should know about the result: clips of different length, frames at different times.
  private(set) var warnings: [String] = []
  /// One for each clip that was measured.
  private(set) var comparisons: [Comparison] = []
  /// Of the second clip over the first, where there are two.
  private(set) var harm: Harm?

  /// - Parameters:
  ///   - others: one clip, or two: before and after.
  ///   - segment: of all of them; nil for the whole.
  init(
    _ reference: String, _ others: [String], segment: Segment?, display: (any ProgressDisplay)?, log: Logger
  ) throws {
    let sources = try ([reference] + others).map { path in
      try Source(path: path, segment: segment, acceptsInterlaced: true) { log.warning("\($0)") }
    }
    let size = sources[0].firstFrame
    for source in sources where (source.firstFrame.width, source.firstFrame.height) != (size.width, size.height) {
      throw Failure(
        .input,
        "\(source.info.path): \(source.firstFrame.width)x\(source.firstFrame.height) pixels, but \(reference) has "
          + "\(size.width)x\(size.height): scale one of them first")
    }
    let progress = Progress(expectedFrames: sources[0].info.estimatedFrames, display: display, report: nil)
    var scores = [[FrameScore]](repeating: [], count: others.count)
    var shifts = [FrameShift](repeating: FrameShift(), count: others.count)
    // Which is the longer one turns out at the end.
    var searches = others.indices.flatMap { [CutSearch(whole: 0, piece: $0 + 1), CutSearch(whole: $0 + 1, piece: 0)] }
    var begins: [Double] = []
    var uneven = [Int](repeating: 0, count: others.count)
    harm = others.count == 2 ? Harm() : nil
    while true {
      let frames = try sources.map { try $0.nextShown() }
      guard let shown = frames.compactMap(\.self) as [Frame]?, shown.count == sources.count else {
        for index in others.indices where !shifts[index].isFull {
          try Self.check(shifts[index], others[index], against: reference)
        }
        warnings += try Self.rest(of: sources, after: frames, searches)
        break
      }
      if begins.isEmpty { begins = shown.map(\.time) }
      let images = try zip(sources, shown).map { try $0.tensors.image(of: $1) }
      let thumbnails = images.map(FrameShift.thumbnail)
      for index in searches.indices {
        let (whole, piece) = (searches[index].whole, searches[index].piece)
        searches[index].add(
          whole: thumbnails[whole], at: sources[whole].position(of: shown[whole]), piece: thumbnails[piece])
      }
      for index in others.indices {
        scores[index].append(Self.score(images[0], images[index + 1], number: scores[index].count, time: shown[0].time))
        // Half a frame at 60 per second: more is another moment of the scene, and no fair comparison.
        let distance = (shown[0].time - begins[0]) - (shown[index + 1].time - begins[index + 1])
        if abs(distance) > 1.0 / 120 { uneven[index] += 1 }
        let wasFull = shifts[index].isFull
        shifts[index].add(thumbnails[0], thumbnails[index + 1])
        if !wasFull, shifts[index].isFull { try Self.check(shifts[index], others[index], against: reference) }
      }
      if harm != nil {
        harm!.add(before: images[1].image, after: images[2].image, sharp: images[0].image)
      }
      try progress.wroteFrame(time: shown[0].time, duration: 0, bytes: 0)
    }
    guard !scores[0].isEmpty else { throw Failure(.input, "\(reference): no frame there that all clips have") }
    try progress.finish(bytes: 0)
    for (path, count) in zip(others, uneven) where count > 0 {
      warnings.append("\(path): \(counted(count, "frame")) at other times than \(reference)'s; paired by their order")
    }
    comparisons = zip(others, scores).map {
      Comparison(first: reference, second: $0, width: size.width, height: size.height, frames: $1)
    }
  }

  private static func score(_ a: RGB8, _ b: RGB8, number: Int, time: Double) -> FrameScore {
    let (x, y) = (a.image, b.image)
    return FrameScore(frame: number, time: time, psnr: PSNR.between(x, y), ssim: SSIM.between(x, y))
  }

  /// Counts the frames that others do not have, and looks among them for those with which the others begin.
  /// - Throws: `Failure` if a clip begins in the middle of another.
  private static func rest(of sources: [Source], after frames: [Frame?], _ begun: [CutSearch]) throws -> [String] {
    try sources.indices.compactMap { index in
      guard frames[index] != nil else { return nil }
      let source = sources[index]
      var searches = begun.filter { $0.whole == index && frames[$0.piece] == nil }
      var (next, count) = (frames[index], 0)
      while let frame = next {
        count += 1
        if !searches.isEmpty {
          let thumbnail = FrameShift.thumbnail(try source.tensors.image(of: frame))
          for place in searches.indices {
            searches[place].add(whole: thumbnail, at: source.position(of: frame), piece: nil)
          }
        }
        next = try source.nextShown()
      }
      for search in searches {
        guard let begin = search.begin else { continue }
        let (long, time) = (source.info.path, clock((begin * 1000).rounded(.down) / 1000))
        throw Failure(
          .input,
          "\(sources[search.piece].info.path): begins with what \(long) shows at \(time) s: cut that there, then compare: "
            + "ffmpeg -ss \(time) -i \(long) -c:v ffv1 CUT.mkv")
      }
      let other = sources.count == 2 ? "the other clip" : "another clip"
      return "\(source.info.path): \(counted(count, "more frame")) than \(other); left out"
    }
  }

  /// A score of pictures of different moments would say nothing of either clip.
  private static func check(_ shift: FrameShift, _ path: String, against reference: String) throws {
    let frames = shift.frames
    guard frames != 0 else { return }
    throw Failure(
      .input,
      "\(path): shows the scene \(counted(abs(frames), "frame")) \(frames > 0 ? "later" : "earlier") than \(reference): "
        + "cut both at the same picture, then compare")
  }
}

extension Source {
  /// The next frame of the segment itself.
  fileprivate func nextShown() throws -> Frame? {
    while let frame = try nextFrame() {
      if !frame.isContext { return frame }
    }
    return nil
  }
}

extension RGB8 {
  /// The picture as the metrics compare it.
  var image: RGBImage { RGBImage(height: height, width: width, bytes: bytes) }
}
