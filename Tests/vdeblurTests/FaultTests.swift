import Foundation
import TestSupport
import Testing

/// What the system can do to a run: no space, no permission, limits, signals at any moment. The source is untouched and nothing is left behind.
@Suite(.serialized) struct FaultTests {
  /// Whether this user may mount a small file system, as root in most test environments.
  private static let canMount: Bool = {
    let line = "d=$(mktemp -d) && mount -t tmpfs -o size=64k none $d && umount $d && rmdir $d"
    return ((try? Program.shell(line).status) ?? 1) == 0
  }()

  @Test(.enabled(if: canMount, "takes the right to mount a tmpfs"))
  func aFullDiskLeavesNothing() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      """
      mkdir full; mount -t tmpfs -o size=64k none full; trap 'umount full' EXIT
      $VDEBLUR '\(Clip.long.path)' -q -o full/out.mkv --strength 0 --crf 1 --preset ultrafast; status=$?
      ls -A full; exit $status
      """, folder: folder)
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errorLines.count == 1 && result.errors.contains("No space left on device"), "\(result.errors)")
    #expect(result.text.isEmpty, "left behind: \(result.text)")
  }

  @Test(.enabled(if: canMount, "takes the right to mount a tmpfs"))
  func aReadOnlyFolderIsNamedBeforeTheWork() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "mkdir ro; mount -t tmpfs -o ro none ro; trap 'umount ro' EXIT; $VDEBLUR '\(Clip.long.path)' -o ro/out.mkv --strength 0",
      folder: folder)
    #expect(result.status == 4)
    #expect(result.errorLines.count == 1 && result.errors.contains("Read-only file system"), "\(result.errors)")
  }

  @Test func aFileSizeLimitGivesTheSystemsReason() throws {
    let folder = try ScratchFolder()
    let result = try Program.shell(
      "(ulimit -f 40; $VDEBLUR '\(Clip.long.path)' -o out.mkv --strength 0 --crf 1 --preset ultrafast)", folder: folder)
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errors.contains("File too large"), "\(result.errors)")
    #expect(folder.contents.isEmpty)
  }

  /// Moments spread over opening, decoding, encoding, the trailer; more of them with VDEBLUR_ALL.
  private static let moments: [Double] = {
    let count = ProcessInfo.processInfo.environment["VDEBLUR_ALL"] == nil ? 6 : 60
    return (0..<count).map { 0.6 * Double($0) / Double(count) }
  }()

  @Test(arguments: moments)
  func aSignalAtAnyMomentLeavesAllOrNothing(moment: Double) throws {
    let folder = try ScratchFolder()
    let signal = [SIGINT, SIGTERM, SIGHUP][Int(moment * 1000) % 3]
    let running = try Command(
      Program.path, [Clip.small.path, "-o", "out.mp4", "-q", "--strength", "0"], folder: folder)
    usleep(UInt32(moment * 1e6))
    kill(running.process.processIdentifier, signal)
    let result = try running.wait()
    #expect([0, 128 + signal].contains(result.status), "\(result.errors)")
    let left = folder.contents
    // Complete at the moment of the signal, or not there at all.
    #expect(left.isEmpty || left == ["out.mp4"])
    if result.status == 0 { #expect(left == ["out.mp4"]) }
    if left == ["out.mp4"] { #expect(try Probe.frameTimes(folder.path("out.mp4")).count == 8) }
  }

  @Test func killedItLeavesOnlyARecognisablePart() throws {
    let folder = try ScratchFolder()
    let source = try Data(contentsOf: URL(fileURLWithPath: Clip.long.path))
    let running = try Command(Program.path, [Clip.long.path, "-o", "out.mp4", "-q"], folder: folder)
    let part = "out.mp4.part\(running.process.processIdentifier)-"
    for _ in 0..<2000 where !folder.contents.contains(where: { $0.hasPrefix(part) }) { usleep(10_000) }
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.wait().status == 128 + SIGKILL)
    let left = folder.contents
    #expect(left.count == 1 && left[0].hasPrefix(part))
    #expect(try Data(contentsOf: URL(fileURLWithPath: Clip.long.path)) == source)
  }

  @Test func theSourceByOtherPathsIsStillTheSource() throws {
    let folder = try ScratchFolder()
    let line = """
      mkdir -p a b; cp '\(Clip.small.path)' a/in.mp4; ln -s a link; ln a/in.mp4 b/hard.mp4; ln -s ../a/in.mp4 b/soft.mp4; cksum <a/in.mp4 >before
      for out in a/in.mp4 a/../a/in.mp4 link/in.mp4 b/hard.mp4 b/soft.mp4 "$PWD/a/in.mp4" ./a//in.mp4; do
        $VDEBLUR a/in.mp4 -o "$out" -y --strength 0 && echo "took $out"
        (cd b; $VDEBLUR ../a/in.mp4 -o hard.mp4 -y --strength 0) && echo "took hard.mp4"
      done
      cksum <a/in.mp4 | cmp - before; ls a b
      """
    let result = try Program.shell(line, folder: folder)
    #expect(
      result.text.split(separator: "\n") == ["a:", "in.mp4", "b:", "hard.mp4", "soft.mp4"],
      "\(result.text)\(result.errors)")
  }
}
