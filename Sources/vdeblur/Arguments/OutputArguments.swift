import ArgumentParser
import Logging
import VideoIO

/// Where the result goes, and how it is encoded.
struct OutputArguments: ParsableArguments {
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The result; '-' is standard output (with -f).", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(name: .customShort("y"), help: "Replace the result if it exists, once the new one is complete.")
  var overwrite = false

  @Flag(name: .customShort("n"), help: "Never replace a file (the default).")
  var keep = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Container, when the name does not tell: matroska, mp4, nut, yuv4mpegpipe ..."))
  var format: String?

  @Option(
    name: [.long, .customLong("c:v", withSingleDash: true)],
    help: ArgumentHelp(
      "Encoder: libx264, libx265, libvpx-vp9, ffv1 ... By default the one that keeps the source's depth.",
      valueName: "name"), completion: .list(["libx264", "libx265", "libvpx-vp9", "libsvtav1", "prores_ks", "ffv1"]))
  var codec: String?

  @Option(
    name: [.long, .customLong("crf", withSingleDash: true)],
    help: ArgumentHelp("Quality of the encoder, lower is better.", valueName: "number"))
  var crf: Double?

  @Option(
    name: [.long, .customLong("preset", withSingleDash: true)],
    help: ArgumentHelp("Speed of the encoder: ultrafast to veryslow.", valueName: "name"),
    completion: .list([
      "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow",
    ]))
  var preset: String?

  @Option(
    name: [.customShort("e"), .customLong("encoder-option")],
    help: ArgumentHelp("Any other option of the encoder; may be repeated.", valueName: "key=value"))
  var encoderOptions: [EncoderSetting] = []

  @Flag(help: "Leave out streams that the container cannot hold, instead of refusing.")
  var dropUnsupported = false

  @Flag(help: "Write opaque pictures where no encoder keeps transparency, instead of refusing.")
  var dropAlpha = false

  /// No encoder counts further (rav1e).
  private static let largestCRF = 255.0

  mutating func validate() throws {
    if overwrite && keep { throw ValidationError("-y and -n contradict each other: give one of them.") }
    if let crf, !(0...Self.largestCRF).contains(crf) {
      throw ValidationError(
        "--crf \(crf) is outside 0-\(Int(Self.largestCRF)): 0 is lossless, about 18 looks like the source.")
    }
  }

  /// Whether video can go to standard output: the container is named, and no terminal would get it.
  func checkStandardOutput() throws {
    if format == nil { throw Failure.usage("standard output has no file name to tell the container: add -f matroska") }
    if StandardOutput.isTerminal {
      throw Failure(.output, "standard output is a terminal, which cannot show video: pipe it, or name a file with -o")
    }
  }

  /// What the encoder and the container are asked for; `log` gets their notices.
  func encoder(_ log: Logger) -> WriterOptions {
    var options = WriterOptions()
    (options.codec, options.crf, options.preset, options.format) = (codec, crf, preset, format)
    options.extra = Dictionary(encoderOptions.map { ($0.key, $0.value) }) { _, last in last }
    (options.dropsUnsupported, options.dropsAlpha) = (dropUnsupported, dropAlpha)
    options.report = { log.warning("\($0)") }
    return options
  }
}
