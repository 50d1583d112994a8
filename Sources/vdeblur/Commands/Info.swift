import ArgumentParser
import Deblur
import Synchronization
import VideoIO

/// `vdeblur info INPUT`: what a run would do, how long it would take, and what to know beforehand.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what would happen: streams, encoder, estimated time and memory.",
    discussion: """
      EXAMPLES:
        vdeblur info in.mp4
        vdeblur info in.mov -o out.mkv --model my.safetensors
        vdeblur info in.mp4 --json | jq .estimate.seconds

      The time is measured: the chosen network restores one small picture, and the rest is proportion. What to expect \
      is measured at moments all over the clip, on the part of the picture that moves most (a few seconds).
      """)

  @OptionGroup(title: "Input") var input: InputArguments
  @OptionGroup(title: "Output") var output: OutputArguments
  @OptionGroup(title: "Picture") var picture: PictureArguments

  @Flag(help: "As JSON.")
  var json = false

  @OptionGroup(title: "Messages") var report: ReportArguments

  func run() throws {
    picture.applyThreads()
    let (inputPath, given) = try input.paths(output: output.output)
    var files = CommandFiles()
    try files.reads(inputPath, as: "the input")
    try picture.listWeights(in: &files)
    try files.writesToStandardOutput()
    let warnings = Mutex<[String]>([])
    let source = try Source(
      path: inputPath, segment: input.segment, strict: input.strict, memoryLimit: input.memoryLimit?.bytes,
      acceptsInterlaced: true, isProgressive: input.progressive, videoStream: input.videoStream
    ) { text in warnings.withLock { $0.append(text) } }
    let outputPath = given ?? derivedName(from: inputPath, "deblurred")
    let plan = Result {
      try OutputPlan(for: source.info, path: outputPath, options: output.encoder(report.makeLogger()))
    }
    let deblurrer = try picture.deblurrer()
    let need = MemoryNeed(of: source, deblurrer)
    let estimate = RunEstimate(
      secondsPerFrame: try calibratedPace(deblurrer, of: source), frames: source.info.estimatedFrames,
      bytes: need.bytes)
    let refused = need.refusal(limit: input.memoryLimit) != nil || Source.isReadOnce(inputPath)
    let expected = try refused ? nil : deblurrer.flatMap { try expectation(of: inputPath, $0) }
    let refusal = need.refusal(limit: input.memoryLimit).map { "this run would be refused: \($0)" }
    let page = InfoPage(
      source.info, plan: plan, model: picture.model, estimate: estimate, expectation: expected,
      warnings: warnings.withLock { $0 } + [need.shortage, refusal].compactMap(\.self))
    if json { try StandardOutput.write(json: page) } else { try StandardOutput.write(page.text) }
  }

  /// nil where the clip cannot be read as a run would: then the page says that the run would be refused.
  private func expectation(of path: String, _ deblurrer: Deblurrer) throws -> Expectation? {
    do {
      return Expectation(try Survey(of: path, input, segment: input.segment, by: deblurrer, .sentence))
    } catch is VideoError {
      return nil
    }
  }
}
