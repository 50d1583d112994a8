import ArgumentParser
import Glibc
import VideoIO

/// Where pictures come from: the clip, the segment of it, and how forgiving to be.
struct InputArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The clip, then optionally the result. '-' is standard input or output.", valueName: "input"),
    completion: .file(extensions: Self.videoExtensions))
  var files: [String] = []

  @Option(
    name: .customShort("i"), help: ArgumentHelp("The clip, as ffmpeg spells it.", valueName: "input"),
    completion: .file(extensions: Self.videoExtensions))
  var input: String?

  @Option(
    name: [.customLong("start"), .customLong("ss", withSingleDash: true)],
    help: ArgumentHelp("Begin here: seconds or hh:mm:ss.ms.", valueName: "time"))
  var start: Timestamp?

  @Option(
    name: [.customLong("end"), .customLong("to", withSingleDash: true)],
    help: ArgumentHelp("End before this time.", valueName: "time"))
  var end: Timestamp?

  @Option(
    name: [.customLong("duration"), .customShort("t")],
    help: ArgumentHelp("Take this much.", valueName: "time"))
  var duration: Timestamp?

  @Option(
    help: ArgumentHelp(
      "Which video to deblur, by its number in 'vdeblur info', where there are several.", valueName: "n"))
  var videoStream: Int?

  @Flag(help: "Fail at the first damaged frame instead of counting them.")
  var strict = false

  @Flag(help: "Take frames that are flagged as interlaced for whole pictures, which they often are.")
  var progressive = false

  @Option(help: ArgumentHelp("Refuse a run that would need more memory than this, such as 2G.", valueName: "size"))
  var memoryLimit: ByteCount?

  /// What completion offers.
  static let videoExtensions = [
    "mp4", "mov", "mkv", "webm", "avi", "m4v", "mts", "m2ts", "ts", "mpg", "mpeg", "3gp", "wmv", "flv", "nut", "y4m",
    "MP4",
    "MOV", "MTS", "AVI",
  ]

  mutating func validate() throws {
    if end != nil, duration != nil {
      throw ValidationError("--end and --duration contradict each other: give one of them.")
    }
    if let end, end.seconds <= (start?.seconds ?? 0) {
      throw ValidationError(
        "--end \(clock(end.seconds)) does not lie after the start \(clock(start?.seconds ?? 0)): nothing is left.")
    }
    if let duration, duration.seconds == 0 { throw ValidationError("--duration 0 leaves nothing to do.") }
  }

  /// The chosen part of the clip; nil for all of it.
  var segment: Segment? {
    if start == nil && end == nil && duration == nil { return nil }
    let first = start?.seconds ?? 0
    return Segment(start: first, end: end?.seconds ?? duration.map { first + $0.seconds })
  }

  /// All files, as clips.
  var clips: [String] { [input].compactMap(\.self) + files }

  /// The clip and the result, from `in out`, `-i in out` or `in -o out`.
  func paths(output: String?) throws -> (input: String, output: String?) {
    if files.count > 2 {
      throw Failure.usage(
        "too many files: '\(files[2])' is neither the input nor the output; quote names that contain spaces, and give "
          + "-O FOLDER for several clips at once")
    }
    var positional = files
    guard let source = input ?? (positional.isEmpty ? nil : positional.removeFirst()) else {
      throw ValidationError("No input given: name a clip.")
    }
    if positional.count > 1 || (output != nil && !positional.isEmpty) {
      throw Failure.usage("'\(positional[0])' is one file too many: input and output are given already")
    }
    try ForeignOption.check(input: source)
    if source == "-", isatty(STDIN_FILENO) == 1 {
      Console.shared.line(
        "vdeblur: waiting for a video on standard input, which is this terminal: pipe one in, or end with Ctrl-C")
    }
    return (source, output ?? positional.first)
  }
}
