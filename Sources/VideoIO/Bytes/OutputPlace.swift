internal import Glibc

/// Where an output goes, decided before any work.
///
/// Links are followed, as a shell's `>` does: the file at their end is created or replaced, and they stay. Devices, FIFOs and open descriptors
/// (`/dev/stdout`, `/dev/fd/3`) are written through; what a shell has opened there is neither replaced nor truncated.
public struct OutputPlace: Sendable {
  /// What is at the end of the links.
  public enum Target: Sendable, Equatable {
    /// A regular file, there or not yet, by a name that is no link.
    case file(String)
    /// A descriptor that was open already; 1 for `-`.
    case descriptor(Int32)
    /// A FIFO or a device, to be opened by this name.
    case device(String)
  }

  /// The path as given; `-` is standard output.
  public let path: String
  /// What is at the end of the links.
  public let target: Target
  /// Whether a file that is there may be replaced.
  let overwrite: Bool
  /// What to do about a file that is there and may not be replaced.
  static let remedyForExisting = "choose another name, or allow it to be replaced (-y)"

  /// - Throws: when nothing can be written there: a folder, a folder that is missing or read-only, a descriptor that is closed or only read,
  ///   a file that is there and may not be replaced.
  public init(path: String, overwrite: Bool) throws(VideoError) {
    self.path = path
    self.overwrite = overwrite
    guard path != "-" else {
      target = .descriptor(STDOUT_FILENO)
      try checkDescriptor(STDOUT_FILENO)
      return
    }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw VideoError(.output, file: "\"\(path)\"", "is not a file name")
    }
    let end = try OutputPlace.end(ofLinks: path)
    target = end
    switch end {
    case .descriptor(let number): try checkDescriptor(number)
    case .device(let name): try require(access(name.fileName, W_OK) == 0, "cannot be written")
    case .file(let name): try checkFile(name)
    }
  }

  /// Which file it is, to tell that it is another's by another name; nil for what many may write, such as `/dev/null`.
  public var identity: FileIdentity? {
    switch target {
    case .file(let name): FileIdentity(path: name) ?? FileIdentity(absent: name)
    case .descriptor(let number): FileIdentity(descriptor: number)
    case .device(let name): FileIdentity(path: name)
    }
  }

  /// Whether it is standard output, by whatever name.
  public var isStandardOutput: Bool { target == .descriptor(STDOUT_FILENO) }

  /// Whether bytes go straight to where they stay: nothing can be taken back.
  public var isStream: Bool { if case .file = target { false } else { true } }

  private static func end(ofLinks path: String) throws(VideoError) -> Target {
    var status = stat()
    // Also asked where links end: the system may refuse to follow one (protected_symlinks).
    if stat(path.fileName, &status) != 0, errno != ENOENT, errno != ENOTDIR {
      throw VideoError(.output, file: path, "cannot be written", because: .ofSystem)
    }
    var name = path
    for _ in 0..<40 {
      if let number = openDescriptor(name) { return .descriptor(number) }
      guard lstat(name.fileName, &status) == 0 else { return .file(name) }
      switch status.st_mode & S_IFMT {
      case S_IFLNK: break
      case S_IFREG, S_IFDIR: return .file(name)
      default: return .device(name)
      }
      let folder = folderName(of: name)
      // The descriptors of other processes look like links.
      if resolved(folder)?.hasPrefix("/proc/") == true { return .device(name) }
      guard let next = destination(of: name) else { break }
      name = next.hasPrefix("/") || folder == "." ? next : "\(folder)/\(next)"
    }
    throw VideoError(.output, file: path, "is a chain of links without an end")
  }

  /// The number of a descriptor of this process, if that is what a name stands for: `/proc/self/fd/1`, `/dev/fd/3`.
  private static func openDescriptor(_ name: String) -> Int32? {
    guard let number = Int32(lastName(of: name)), number >= 0, let folder = resolved(folderName(of: name)) else {
      return nil
    }
    let own = "/proc/\(getpid())/"
    let isOwn = folder == "/dev/fd" || (folder.hasPrefix(own) && folder.hasSuffix("/fd"))
    return isOwn ? number : nil
  }

  private func checkDescriptor(_ number: Int32) throws(VideoError) {
    let flags = fcntl(number, F_GETFL)
    guard flags >= 0, flags & O_ACCMODE != O_RDONLY else {
      throw VideoError(
        .output, file: path, flags < 0 ? "is closed" : "is not open for writing", remedy: "name a file, or open it")
    }
  }

  private func checkFile(_ name: String) throws(VideoError) {
    var status = stat()
    if stat(name.fileName, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR {
        throw VideoError(
          .output, file: path, "is a folder",
          remedy: "name a file in it: \(path.hasSuffix("/") ? path : path + "/")out.mp4")
      }
      if !overwrite {
        throw VideoError(.output, file: path, "exists already", remedy: Self.remedyForExisting)
      }
    }
    let folder = folderName(of: name)
    guard stat(folder.fileName, &status) == 0 else {
      throw VideoError(
        .output, file: path, "its folder \(folder) does not exist", remedy: "create it: mkdir -p '\(folder)'")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw VideoError(.output, file: path, "\(folder) is not a folder") }
    try require(access(folder.fileName, W_OK | X_OK) == 0, "its folder \(folder) cannot be written")
  }

  private func require(_ isFine: Bool, _ problem: String) throws(VideoError) {
    guard isFine else {
      throw VideoError(.output, file: path, problem, because: .ofSystem)
    }
  }
}

/// Where a symbolic link points (readlink).
private func destination(of link: String) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX) + 1) { text in
    let count = readlink(link.fileName, text.baseAddress!, text.count - 1)
    guard count > 0 else { return nil }
    text[count] = 0
    return String(fileName: text.baseAddress!)
  }
}

/// A path without links (realpath); nil where nothing is there.
private func resolved(_ path: String) -> String? {
  guard let text = realpath(path.fileName, nil) else { return nil }
  defer { free(text) }
  return String(fileName: text)
}
