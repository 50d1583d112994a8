import Foundation
import TestSupport
import Testing

/// Memory does not grow with the clip: ten minutes take no more than ten seconds do. In the long run only (VDEBLUR_ALL).
@Suite(
  .enabled(if: ProcessInfo.processInfo.environment["VDEBLUR_ALL"] != nil, "takes minutes: make test-all"), .serialized)
struct MemoryTests {
  /// 32×32 at 5 frames a second with a tone; `apart` lays all sound after all pictures.
  private func clip(seconds: Int, apart: Bool, in folder: ScratchFolder) throws -> String {
    let pictures = folder.file("v\(seconds).mp4"),
      sound = folder.file("a\(seconds).mp4")
    let both = folder.file("both\(seconds).mp4")
    let made = try Program.shell(
      """
      ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=32x32:r=5:d=\(seconds) -c:v libx264 -preset ultrafast -bf 0 -pix_fmt yuv420p '\(pictures.path)'
      ffmpeg -nostdin -v error -y -f lavfi -i sine=d=\(seconds):r=48000 -c:a aac -b:a 32k '\(sound.path)'
      ffmpeg -nostdin -v error -y -i '\(pictures.path)' -i '\(sound.path)' -c copy '\(both.path)'
      """, seconds: 600)
    #expect(made.status == 0, "\(made.errors)")
    if apart { try JoinedMovie.write(pictures: pictures, sound: sound, to: both) }
    return both.path
  }

  @Test(arguments: [false, true])
  func tenMinutesTakeWhatTenSecondsTake(apart: Bool) throws {
    let folder = try ScratchFolder()
    let inputs = try [10, 600].map { try clip(seconds: $0, apart: apart, in: folder) }
    for kind in ["mkv", "mp4"] {
      let peaks = try inputs.map { input in
        let running = try Command(
          Program.path, [input, "-o", "out.\(kind)", "-y", "-q", "--strength", "0", "--preset", "ultrafast"],
          folder: folder)
        let peak = peakMemory(of: running.process)
        #expect(try running.wait(atMost: 600).status == 0)
        return peak
      }
      // The index of an MP4 is written last and kept until then: some 150 bytes for each of 31,000 packets.
      let index = kind == "mp4" ? 5 << 20 : 0
      #expect(Double(peaks[1] - index) < 1.05 * Double(peaks[0]), "\(kind): \(peaks)")
    }
  }

  /// The most memory that a process had resident while it ran, in bytes (VmHWM).
  private func peakMemory(of process: Process) -> Int {
    var peak = 0
    while process.isRunning {
      if let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
      {
        peak = max(peak, kilobytes * 1024)
      }
      usleep(20_000)
    }
    return peak
  }
}
