/// Reads a run of parts: their frames, and one neighbour before and after them (``Frame/isContext``).
///
/// The frames are those of a run over the whole clip, whether decoding begins shortly before the part or at the beginning of the clip.
public final class PartReader {
  /// What is known of the source since its first frame was decoded, whichever part is read.
  public let info: SourceInfo
  private let reader: VideoReader
  private let parts: Parts
  private let run: Range<Int>
  private let cuts: PartCuts
  private var number: Int64 = 0
  /// Where the run begins, if decoding begins just before it.
  private let start: Int64?
  private var hasBegun = false
  /// The last frame before the run, then the last that was delivered.
  private var last: Frame?
  private var lastPart: Int
  private var ready: [Frame] = []
  private var isAtEnd = false

  /// - Parameters:
  ///   - parts: how ``info`` was divided.
  ///   - run: the parts to read, one or more.
  ///   - cuts: takes note of the frames on both sides of each part's ends.
  ///   - options: those with which ``info`` was found.
  public init(_ info: SourceInfo, _ parts: Parts, run: Range<Int>, cuts: PartCuts, options: ReaderOptions)
    throws(VideoError)
  {
    (self.info, self.parts, self.run, self.cuts) = (info, parts, run, cuts)
    lastPart = run.lowerBound - 1
    if parts.seeks, run != 0..<parts.count {
      let (range, whole) = (parts.range(of: run), info.shownTicks)
      let window = max(range.lowerBound, whole.lowerBound)..<min(range.upperBound, whole.upperBound)
      start = window.lowerBound
      reader = try VideoReader(info, window: window, packets: parts.packets, options: options)
    } else {
      start = nil
      var options = options
      options.videoStream = info.video.index
      reader = try VideoReader(source: info.source, options: options)
    }
  }

  /// The next frame; nil at the end.
  public func next() throws(VideoError) -> Frame? {
    while ready.isEmpty, !isAtEnd { try advance() }
    return ready.isEmpty ? nil : ready.removeFirst()
  }

  private func advance() throws(VideoError) {
    guard let frame = try nextOfReader() else {
      isAtEnd = true
      note(until: run.upperBound, nil)
      return
    }
    // A neighbour outside: before the first frame that is wanted, or after the last.
    let isFirst = !hasBegun
    hasBegun = true
    guard !frame.isContext else {
      if isFirst, start.map({ frame.pts < $0 }) ?? true { return last = frame }
      return end(frame)
    }
    let part = parts.part(of: frame.pts, number: number)
    number += 1
    if part < run.lowerBound { return last = frame }
    if part >= run.upperBound { return end(frame) }
    if part > lastPart {
      if lastPart < run.lowerBound, let last { ready.append(last.asContext()) }
      note(until: part, frame)
      lastPart = part
    }
    ready.append(frame)
    last = frame
  }

  /// All that is wanted has come; this is the frame after it.
  private func end(_ frame: Frame) {
    isAtEnd = true
    note(until: run.upperBound, frame)
    ready.append(frame.asContext())
  }

  /// Takes note of the ends that lie between the last frame and this one.
  private func note(until part: Int, _ frame: Frame?) {
    guard lastPart < part else { return }
    let cut = PartCut(before: last.map(PartCut.Side.init), after: frame.map(PartCut.Side.init))
    let damage = PartDamage(
      count: reader.damagedCount, packets: reader.packetCount, repairedTimes: reader.repairedTimes)
    for end in lastPart + 1...part { cuts[end] = PartCuts.Entry(cut: cut, damage: damage) }
  }

  private func nextOfReader() throws(VideoError) -> Frame? {
    while let item = try reader.next() {
      if case .frame(let frame) = item { return frame }
    }
    return nil
  }
}
