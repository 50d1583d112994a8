/// Where the encoder begins anew: a clip is coded in parts of at most a few hundred frames, each by an encoder of its own that knows nothing of
/// the others, so that a part can be coded at any time and on any machine, and all of them side by side are the file of one run.
///
/// A frame belongs to the part whose range holds its own time; ranges are half-open and exact, in ticks of the main video and never in seconds.
/// Where the times of a clip are missing or run backward, frames are counted instead.
public struct Parts: Sendable, Codable, Equatable {
  /// What ``starts`` counts.
  public enum Clock: String, Sendable, Codable {
    /// Presentation times in ticks of the main video.
    case ticks
    /// Frames in display order, from 0.
    case frames
  }

  /// What ``starts`` counts.
  public let clock: Clock
  /// Where each part after the first begins, rising.
  public let starts: [Int64]
  /// About how many frames each part holds, as far as the packets tell.
  public let lengths: [Int]
  /// Whether decoding may begin shortly before a part; else it begins where the clip does.
  public let seeks: Bool
  /// Packets of the main video in the whole file; nil where only a segment of it was looked at.
  public let packets: Int?

  /// How many parts there are, at least 1.
  public var count: Int { starts.count + 1 }
  /// About how many frames all parts hold.
  public var frames: Int { lengths.reduce(0, +) }

  /// The longest part, in frames: the interval of key frames that x264 and x265 use anyway.
  public static let longest = 250

  /// What belongs to a run of parts; open ends are `.min` and `.max`.
  public func range(of run: Range<Int>) -> Range<Int64> {
    (run.lowerBound == 0 ? .min : starts[run.lowerBound - 1])..<(run.upperBound == count
      ? .max : starts[run.upperBound - 1])
  }

  /// The part of a frame.
  /// - Parameters:
  ///   - time: its presentation time in ticks.
  ///   - number: how many frames come before it.
  public func part(of time: Int64, number: Int64) -> Int {
    let position = clock == .ticks ? time : number
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
