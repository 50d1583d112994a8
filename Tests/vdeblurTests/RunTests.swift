import Foundation
import TestSupport
import Testing

/// The whole job on small clips.
@Suite struct RunTests {
  @Test(arguments: [Clip.small, Clip.uneven].map(\.path))
  func timesAndSoundSurvive(source: String) throws {
    let folder = try ScratchFolder()
    let out = folder.path("out.\(URL(fileURLWithPath: source).pathExtension)")
    let result = try Program.run(source, "-o", out, "--verify")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.isEmpty, "nothing belongs on standard output")
    let (before, after) = (try Probe.frameTimes(source), try Probe.frameTimes(out))
    #expect(before.count > 5)
    #expect(before == after)
    #expect(try Probe.soundPackets(source) == Probe.soundPackets(out))
    #expect(try Probe.soundTimes(source) == Probe.soundTimes(out))
    #expect(try Probe.videoFormat(source) == Probe.videoFormat(out))
    #expect(folder.contents == [URL(fileURLWithPath: out).lastPathComponent])
  }

  @Test func deblurringChangesThePicture() throws {
    #expect(try Probe.pictures(Restored.lossless) != Probe.pictures(Clip.lossless.path))
  }

  @Test func strengthZeroGivesTheSourcesOwnPictures() throws {
    let folder = try ScratchFolder()
    let result = try Program.run("-i", Clip.lossless.path, "-c:v", "ffv1", "--strength", "0", "out.mkv", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    let out = folder.path("out.mkv")
    #expect(try Probe.pictures(out) == Probe.pictures(Clip.lossless.path))
  }

  @Test func theNumberOfThreadsChangesNoPixel() throws {
    let folder = try ScratchFolder()
    for threads in ["1", "2", "5"] {
      let result = try Program.run(
        Clip.lossless.path, "-o", "\(threads).mkv", "-c:v", "ffv1", "--threads", threads, folder: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    let one = try Probe.pictures(folder.path("1.mkv"))
    #expect(one.count == 6)
    #expect(try one == Probe.pictures(folder.path("2.mkv")))
    #expect(try one == Probe.pictures(folder.path("5.mkv")))
  }

  @Test(arguments: [
    ["--start", "0.08", "--end", "0.2"], ["-ss", "0.08", "-to", "0.2"], ["-ss", "00:00:00.080", "-t", "120ms"],
  ])
  func aSegmentHoldsTheSamePicturesAsTheFullRun(segment: [String]) throws {
    let folder = try ScratchFolder()
    let part = try Program.run(
      [Clip.lossless.path, "-o", "part.mkv", "-c:v", "ffv1"] + segment, folder: folder)
    #expect(part.status == 0, "\(part.errors)")
    let all = try Probe.pictures(Restored.lossless)
    #expect(try Probe.pictures(folder.path("part.mkv")) == Array(all[2..<5]))
  }

  @Test func encoderSettingsReachTheEncoder() throws {
    let folder = try ScratchFolder()
    for crf in ["10", "45"] {
      let result = try Program.run(
        Clip.small.path, "-o", "\(crf).mp4", "-crf", crf, "-preset", "ultrafast", "-e", "g=2", "--strength", "0",
        folder: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    let size = { (name: String) in
      try FileManager.default.attributesOfItem(atPath: folder.path(name))[.size] as! Int
    }
    #expect(try size("10.mp4") > size("45.mp4"))
    let keys = try Tool.lines(
      "ffprobe -v error -select_streams v -show_entries packet=flags -of csv=p=0 '\(folder.url.path)/10.mp4' | grep -c K"
    )
    #expect(keys == ["4"])
    let unknown = try Program.run(
      Clip.small.path, "-o", "no.mp4", "-e", "nonsense=1", "--strength", "0", folder: folder)
    #expect(unknown.status != 0)
    #expect(unknown.errors.contains("nonsense"))
    #expect(folder.contents == ["10.mp4", "45.mp4"])
  }

  @Test func aRunThatNeedsMoreMemoryIsRefusedBeforehand() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(Clip.long.path, "-o", "out.mp4", "--memory-limit", "60M", folder: folder)
    #expect(result.status == 1)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("320x180 pictures need about"), "\(result.errors)")
    #expect(result.errors.contains("more than --memory-limit 60M; raise the limit"), "\(result.errors)")
    #expect(folder.contents.isEmpty)
  }

  @Test func theMemoryInUseStaysBelowTheEstimate() throws {
    let folder = try ScratchFolder()
    let info = try Program.run("info", Clip.long.path, "--json")
    let page = try #require(try JSONSerialization.jsonObject(with: info.output) as? [String: Any])
    let estimate = try #require((page["estimate"] as? [String: Any])?["memoryBytes"] as? Int)
    let run = try Program.run(
      Clip.long.path, "-o", "out.mp4", "-t", "1", "-v", "--memory-limit", String(estimate * 5 / 4), folder: folder)
    #expect(run.status == 0, "\(run.errors)")
    let peak = try #require(run.errors.firstMatch(of: /at most (\d+) MB of memory in use/))
    let megabytes = try #require(Int(peak.1))
    #expect(megabytes * 1_000_000 < estimate && megabytes * 3_000_000 > estimate, "\(estimate): \(run.errors)")
  }

  @Test func profileShowsTheStages() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(Clip.lossless.path, "-o", "out.mkv", "--profile", folder: folder)
    #expect(result.status == 0, "\(result.errors)")
    for stage in ["read and decode", "convert", "flow", "restoration", "encode and mux", "wall"] {
      #expect(result.errors.contains(stage), "\(result.errors)")
    }
  }

  @Test func quietIsSilent() throws {
    let folder = try ScratchFolder()
    let result = try Program.run(Clip.small.path, "-o", "out.mp4", "-q", "--strength", "0", folder: folder)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    #expect(result.output.isEmpty)
  }
}
