import Foundation
import TestSupport
import Testing

@testable import VideoIO

/// Errors tell programs what FFmpeg or the system said, beside the line for people.
@Suite struct StatusCodeTests {
  @Test(arguments: [
    (ENOSPC, "No space left on device; free some space or write to another disk"), (EACCES, "Permission denied"),
  ])
  func theSystemsNumbersAreTold(_ number: Int32, _ words: String) {
    let code = StatusCode(errno: number)
    #expect(code.systemNumber == number)
    let error = #expect(throws: VideoError.self) {
      try VideoIO.check(code.rawValue, .output, "out.mkv", "cannot be written")
    }
    #expect(error?.code == code)
    #expect(error?.description == "out.mkv: cannot be written: \(words)")
  }

  @Test func ffmpegsOwnNumbersAreNoneOfTheSystems() {
    for code in [StatusCode.endOfFile, .invalidData] { #expect(code.systemNumber == nil) }
    #expect(StatusCode.invalidData != .endOfFile)
  }

  @Test func aFullDeviceIsKnownByItsCode() throws {
    let input = try Clip("full device", "c.mkv", "ff $(v 96x64 25 0.2) $x264 $OUT").make()
    let error = #expect(throws: VideoError.self) { try Transcode.identity(input, "/dev/full", format: "matroska") }
    #expect(error?.code == StatusCode(errno: ENOSPC))
  }

  @Test func aMissingFileIsKnownByItsCode() throws {
    let error = #expect(throws: VideoError.self) { _ = try VideoReader(path: "/no/such/file.mp4") }
    #expect(error?.code == StatusCode(errno: ENOENT))
  }

  /// For the superuser every folder is open.
  @Test(.enabled(if: geteuid() != 0)) func aLockedFolderIsKnownByItsCode() throws {
    let folder = try ScratchFolder()
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path) }
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
    let error = #expect(throws: VideoError.self) { _ = try OutputPlace(path: folder.path("out.mkv"), overwrite: false) }
    #expect(error?.code == StatusCode(errno: EACCES))
  }

  @Test func whatIsNoVideoIsKnownByItsCode() throws {
    let input = try Clip("text", "c.mp4", "for i in 1 2 3 4 5 6 7 8; do echo hello; done > $OUT").make()
    let error = #expect(throws: VideoError.self) { _ = try VideoReader(path: input) }
    #expect(error?.code == .invalidData)
  }
}
