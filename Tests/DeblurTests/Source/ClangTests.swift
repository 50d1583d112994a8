import Foundation
import TestSupport
import Testing

/// The C sources as clang sees them, apart from the build.
@Suite struct ClangTests {
  static let engine = Repository.root.appendingPathComponent("Sources/CKernels")
  static let training = Repository.root.appendingPathComponent("training/native")
  static let include = ["-I\(engine.path)", "-I\(engine.path)/include"]

  static func files(_ folder: URL, _ suffix: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == suffix }.sorted { $0.path < $1.path }
  }

  /// Headers that need nothing before them may be included in any order.
  @Test(.enabled(if: Clang.path != nil, "no clang in PATH"), arguments: [[], ["--target=\(arm)"]])
  func eachHeaderCompilesAlone(target: [String]) throws {
    let headers = try Self.files(Self.engine, "h") + Self.files(Self.training, "h")
    #expect(headers.count > 15)
    // body.h is a template with two parameters.
    let parameters = ["-DTABLE=table", "-DLEVEL_NAME=\"alone\""]
    for header in headers {
      let complaint = try Clang.check("#include \"\(header.path)\"\n", target + Self.include + parameters)
      #expect(complaint == "", "\(header.lastPathComponent)")
    }
  }

  @Test(.enabled(if: Clang.path != nil, "no clang in PATH"))
  func aHeaderThatNeedsAnotherIsFound() throws {
    #expect(try Clang.check("static vec twice(vec x) { return x + x; }\n", Self.include) != "")
  }

  /// All but affinity.c get along without the C library.
  @Test(.enabled(if: Clang.path != nil, "no clang in PATH"))
  func theKernelsCompileForArm() throws {
    for source in try Self.files(Self.engine, "c") where source.lastPathComponent != "affinity.c" {
      try Self.checkForArm(source)
    }
  }

  @Test(
    .enabled(if: Clang.path != nil, "no clang in PATH"),
    .enabled(
      if: Clang.hasHeaders(of: arm), "no headers of the C library for \(arm): apt-get install libc6-dev-arm64-cross"))
  func theCountOfCoresCompilesForArm() throws { try Self.checkForArm(Self.engine.appendingPathComponent("affinity.c")) }

  static let arm = "aarch64-linux-gnu"

  static func checkForArm(_ source: URL) throws {
    let arguments = ["--target=\(arm)"] + Clang.headers(of: arm) + include
    #expect(try Clang.check("#include \"\(source.path)\"\n", arguments) == "", "\(source.lastPathComponent)")
  }
}

private enum Clang {
  static let path: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/clang" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// What clang says of a piece of C, warnings included; empty if it is sound.
  static func check(_ code: String, _ arguments: [String]) throws -> String {
    let checks = ["-fsyntax-only", "-x", "c", "-Wall", "-Wno-unused-function", "-Wno-unused-const-variable"]
    let result = try Command.run(path!, checks + arguments + ["-"], input: Data(code.utf8))
    return result.status == 0 ? result.errors : "failed: \(result.errors)"
  }

  /// Where the headers of another architecture's C library may lie.
  static func headers(of target: String) -> [String] {
    ["-isystem", "/usr/\(target)/include", "-isystem", "/usr/include/\(target)"]
  }

  static func hasHeaders(of target: String) -> Bool {
    (try? check("#include <sched.h>\n", ["--target=\(target)"] + headers(of: target))) == ""
  }
}
