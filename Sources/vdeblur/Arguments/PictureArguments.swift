import ArgumentParser
import Deblur

/// Which network works on the picture, how strongly, and on how many cores.
struct PictureArguments: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "\(Model.shippedNames.map { $0 + ", " }.joined())or a weights file (.safetensors).", valueName: "name"),
    completion: .list(Model.shippedNames))
  var model = "fast"

  @Option(help: ArgumentHelp("From 0 (the source's own pictures) to 1 (fully restored).", valueName: "0-1"))
  var strength: Float = 1

  @Option(
    name: [.long, .customLong("threads", withSingleDash: true)],
    help: ArgumentHelp("Cores to use; by default all this process may use. The picture is the same.", valueName: "n"))
  var threads: Int?

  mutating func validate() throws {
    guard (0...1).contains(strength) else {
      throw ValidationError("--strength \(strength) is outside 0-1.")
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads \(threads) is outside 1-1024.") }
  }
}
