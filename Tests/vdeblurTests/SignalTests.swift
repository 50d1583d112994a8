import Foundation
import TestSupport
import Testing

/// Interrupted runs leave nothing behind.
@Suite(.serialized) struct SignalTests {
  /// Waits until the part file is there: from then on there is something to leave behind.
  private func waitForPart(in folder: ScratchFolder) throws {
    for _ in 0..<2000 {
      if folder.contents.contains(where: { $0.hasPrefix("out.mp4.part") }) { return }
      usleep(10_000)
    }
    Issue.record("no part file after twenty seconds")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP], [0.0, 0.5])
  func leaveNothingAndEndByTheSignal(signal: Int32, delay: Double) throws {
    let folder = try ScratchFolder()
    let running = try Command(Program.path, [Clip.long.path, "-o", "out.mp4"], folder: folder)
    try waitForPart(in: folder)
    usleep(UInt32(delay * 1e6))
    let began = Date()
    kill(running.process.processIdentifier, signal)
    let result = try running.wait()
    #expect(Date().timeIntervalSince(began) < 2)
    #expect(result.status == 128 + signal)
    #expect(folder.contents.isEmpty)
  }

  /// Shells start background jobs of scripts with INT ignored; `kill -INT` still means it.
  @Test func interruptsABackgroundJobOfAScript() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "$VDEBLUR '\(Clip.long.path)' -o out.mp4 & while ! ls out.mp4.part* 2>/dev/null; do sleep 0.02; done; kill -INT $!; wait $!",
      folder: folder)
    #expect(result.status == 130)
    #expect(folder.contents.isEmpty)
  }

  @Test func anInterruptedRunKeepsTheOldResult() throws {
    let folder = try ScratchFolder()
    let out = folder.file("out.mp4")
    try Data("precious".utf8).write(to: out)
    let running = try Command(Program.path, [Clip.long.path, "-o", "out.mp4", "-y"], folder: folder)
    try waitForPart(in: folder)
    kill(running.process.processIdentifier, SIGTERM)
    #expect(try running.wait().status == 128 + SIGTERM)
    #expect(try Data(contentsOf: out) == Data("precious".utf8))
    #expect(folder.contents == ["out.mp4"])
  }

  @Test func nohupIsRespected() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "nohup $VDEBLUR '\(Clip.small.path)' -o out.mp4 --strength 0 & sleep 0.05; kill -HUP $!; wait $!", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents.contains("out.mp4"))
  }
}
