import ArgumentParser
import Deblur

/// `vdeblur models`: the networks inside the package, with cost and measured quality.
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the networks with their cost and measured quality.",
    discussion: """
      EXAMPLES:
        vdeblur models
        vdeblur in.mp4 -o out.mp4 --model my.safetensors

      The weights are inside the package; nothing is downloaded. Your own, made by training/, are given as a file.
      """)

  @Flag(help: "As JSON.")
  var json = false

  @Flag(name: .shortAndLong, help: "Size and cost of the networks too.")
  var verbose = false

  func run() throws {
    let models = try Deblurrer.bundled().map(ModelCard.init)
    if json { return try StandardOutput.write(json: models) }
    guard !models.isEmpty else {
      throw Failure(.processing, "no weights are installed beside the program: reinstall it, or give --model FILE")
    }
    var speeds = [["model", "1280x720 here", "a minute of it, 30 fps"]]
    var costs = [["model", "parameters", "per pixel"]]
    var qualities: [[String]] = []
    for model in models {
      speeds.append([
        model.name, "\(fixed(model.framesPerSecond720p, 2)) fps", "about \(span(1800 / model.framesPerSecond720p))",
      ])
      costs.append([
        model.name, "\(fixed(Double(model.parameters) / 1e6, 1)) M",
        "\(fixed(Double(model.multiplyAccumulatesPerPixel) / 1e3, 0)) kMAC",
      ])
      qualities.append([model.name, model.qualitySummary])
    }
    try StandardOutput.write(
      """
      \(table(speeds, rightAligned: [1, 2]))\(verbose ? "\n" + table(costs, rightAligned: [1, 2]) : "")
      PSNR gained on validation clips (docs/weights.md):
      \(table(qualities))
      """)
  }
}
