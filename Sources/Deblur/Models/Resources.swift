import Foundation

/// Finds the folder with the shipped weights. (`Bundle.module` would do, but it ends the program if the folder is
/// missing.)
enum Resources {
  /// The folder: the one that the environment names, or the first that exists of those where a build or an installation
  /// puts it.
  static func folder(
    environment: [String: String] = ProcessInfo.processInfo.environment, program: URL = Resources.program
  ) throws(DeblurError) -> URL {
    let candidates =
      environment[EnvironmentVariable.resources].map { [URL(fileURLWithPath: $0, isDirectory: true)] }
      ?? places(beside: program)
    guard let folder = candidates.first(where: isFolder) else {
      throw .noResources(searched: candidates.map(\.path))
    }
    return folder
  }

  private static func places(beside program: URL) -> [URL] {
    let bin = program.deletingLastPathComponent()
    return [
      bin.appendingPathComponent("vdeblur_Deblur.resources/Resources"),
      bin.deletingLastPathComponent().appendingPathComponent("share/vdeblur"),
      bin.deletingLastPathComponent().appendingPathComponent("lib/vdeblur/vdeblur_Deblur.resources/Resources"),
    ]
  }

  /// The running program, symbolic links resolved.
  private static var program: URL {
    let link = "/proc/self/exe"
    let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: path).resolvingSymlinksInPath()
  }

  private static func isFolder(_ url: URL) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && isDirectory.boolValue
  }
}
