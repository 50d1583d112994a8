import ArgumentParser
import VideoIO

/// Where the encoder begins anew, which decides what a run in parts can be divided into.
struct DivisionArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Begin the encoder anew after so many frames at most, 2 to 250: the size of a part.", valueName: "n"))
  var partFrames = Parts.longest

  @Flag(help: "Decode every part from the beginning, where a clip cannot be entered in the middle.")
  var noSeek = false

  mutating func validate() throws {
    guard (2...Parts.longest).contains(partFrames) else {
      throw ValidationError("--part-frames \(partFrames) is outside 2-\(Parts.longest).")
    }
  }
}
