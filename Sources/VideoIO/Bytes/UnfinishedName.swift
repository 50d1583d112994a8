internal import Glibc

/// The name of a file that is being written: `NAME.part<PID>-<HOST>-<RANDOM>` beside `NAME`, which no other process on any machine takes.
///
/// Whoever writes it holds a lock on it (flock), which the system gives back when the process ends, however it ends: so a left-over can be told
/// from a file that is being written, even where process numbers are used again.
enum UnfinishedName {
  /// A new name for a file that shall become `path`.
  private static func make(for path: String) -> String {
    let random = String(UInt32.random(in: .min ... .max), radix: 16)
    return "\(stem(of: path)).part\(getpid())-\(host)-\(String(repeating: "0", count: 8 - random.count))\(random)"
  }

  /// The path, its name shortened where the ending would make it longer than its file system takes.
  private static func stem(of path: String) -> String {
    var name = lastName(of: path)
    let folder = String(path.utf8.dropLast(name.utf8.count)) ?? ""
    let most = pathconf(folderName(of: path).fileName, Int32(_PC_NAME_MAX))
    // ".part", a process number, a host, a random number.
    let ending = 5 + 10 + 1 + 32 + 1 + 8
    while !name.isEmpty, name.fileNameBytes.count + ending > (most > 0 ? most : 255) { name.removeLast() }
    return folder + name
  }

  /// Creates the file and locks it.
  /// - Returns: its name and descriptor; below 0 if it cannot be created (errno says why).
  static func create(for path: String) -> (name: String, descriptor: Int32) {
    while true {
      let name = make(for: path)
      // Reading too: some containers read back what they wrote.
      let descriptor = open(name.fileName, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      if descriptor < 0, errno == EEXIST { continue }
      guard descriptor >= 0 else { return (name, descriptor) }
      // Where there are no locks, left-overs stay.
      _ = flock(descriptor, LOCK_EX | LOCK_NB)
      var status = stat()
      // Another process may have taken it for a left-over before it was locked.
      if fstat(descriptor, &status) != 0 || status.st_nlink > 0 { return (name, descriptor) }
      close(descriptor)
    }
  }

  /// Removes what killed runs on this machine have left of the same output.
  /// - Returns: the names of the removed files.
  static func removeLeftovers(of path: String) -> [String] {
    let folder = folderName(of: path)
    let prefix = lastName(of: stem(of: path)) + ".part"
    guard let listing = opendir(folder.fileName) else { return [] }
    defer { closedir(listing) }
    var removed: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(fileName: $0) }
      }
      guard name.hasPrefix(prefix), isOurs(name.dropFirst(prefix.count)) else { continue }
      let file = "\(folder)/\(name)"
      let descriptor = open(file.fileName, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, flock(descriptor, LOCK_EX | LOCK_NB) == 0,
        unlink(file.fileName) == 0
      {
        removed.append(name)
      }
    }
    return removed.sorted()
  }

  /// `<PID>-<HOST>-<RANDOM>` of this machine: locks of others may not be seen here.
  private static func isOurs(_ suffix: Substring) -> Bool {
    let fields = suffix.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard fields.count == 2, !fields[0].isEmpty, fields[0].allSatisfy(\.isNumber), fields[1].hasPrefix(host + "-")
    else {
      return false
    }
    let random = fields[1].dropFirst(host.count + 1)
    return random.count == 8 && random.allSatisfy(\.isHexDigit)
  }

  /// This machine's name, shortened so that names stay within what file systems take.
  static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let plain = text.prefix(32).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return plain.isEmpty ? "host" : String(plain)
  }()
}
