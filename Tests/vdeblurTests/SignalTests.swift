import Foundation
import Testing

/// Interrupted runs leave nothing behind.
@Suite(.serialized) struct SignalTests {
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP], [0.0, 0.15, 0.6])
  func leaveNothingAndEndByTheSignal(signal: Int32, delay: Double) throws {
    let folder = try Folder.make()
    let running = try Program.Running(Program.path, [Clip.long.path, "-o", "out.mp4"], folder: folder)
    usleep(UInt32(50_000 + delay * 1e6))
    let began = Date()
    kill(running.process.processIdentifier, signal)
    let result = try running.wait()
    #expect(Date().timeIntervalSince(began) < 2)
    #expect(result.status == 128 + signal)
    #expect(try Folder.names(folder).isEmpty)
  }

  @Test func anInterruptedRunKeepsTheOldResult() throws {
    let folder = try Folder.make()
    let out = folder.appendingPathComponent("out.mp4")
    try Data("precious".utf8).write(to: out)
    let running = try Program.Running(Program.path, [Clip.long.path, "-o", "out.mp4", "-y"], folder: folder)
    usleep(500_000)
    kill(running.process.processIdentifier, SIGTERM)
    #expect(try running.wait().status == 128 + SIGTERM)
    #expect(try Data(contentsOf: out) == Data("precious".utf8))
    #expect(try Folder.names(folder) == ["out.mp4"])
  }

  @Test func nohupIsRespected() throws {
    let folder = try Folder.make()
    let result = try Program.shell(
      "nohup $VDEBLUR '\(Clip.small.path)' -o out.mp4 --strength 0 & sleep 0.05; kill -HUP $!; wait $!", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try Folder.names(folder).contains("out.mp4"))
  }
}
