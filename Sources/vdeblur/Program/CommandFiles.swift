import Glibc
import VideoIO

/// Every file that a command reads and writes, listed before any work: what one option reads or writes, no other ever writes, under whatever
/// name.
struct CommandFiles {
  private var known: [(identity: FileIdentity, role: String)] = []

  /// - Parameter role: as messages name it: `the input`, `the weights`.
  /// - Throws: where a shell has made it the place of messages (`2>>FILE`), none of which then gets there.
  mutating func reads(_ path: String, as role: String) throws {
    // A file that is not there cannot be lost; whoever opens it says so.
    if let identity = path == "-" ? FileIdentity(descriptor: 0) : FileIdentity(path: path) {
      known.append((identity, role))
      guard identity != FileIdentity(descriptor: STDERR_FILENO) else {
        StandardDescriptors.turnMessagesAway()
        throw Failure(
          .output, "standard error: is \(role) already, and messages would be written behind it: send them elsewhere")
      }
    }
  }

  /// - Parameters:
  ///   - path: a file, or `-` for standard output.
  ///   - role: as messages name it: `the result`, `--csv`.
  ///   - overwrite: whether a file that is there may be replaced.
  /// - Throws: when nothing can be written there, or when it is another's file.
  @discardableResult
  mutating func writes(_ path: String, as role: String, overwrite: Bool) throws -> OutputPlace {
    // First whose it is: -y is no remedy for that.
    if path != "-" { try checkWrites(path, as: role) }
    let place = try OutputPlace(path: path, overwrite: overwrite)
    guard let identity = place.identity else { return place }
    try refuse(identity, path, role)
    known.append((identity, role))
    return place
  }

  /// Refuses a file that is read or written as something else; nothing is asked of its folder.
  func checkWrites(_ path: String, as role: String) throws {
    if let identity = FileIdentity(path: path) { try refuse(identity, path, role) }
  }

  /// Standard output gets text; where a shell has appended it to one of the files, that one would be lost.
  mutating func writesToStandardOutput() throws { try writes("-", as: "standard output", overwrite: false) }

  private func refuse(_ identity: FileIdentity, _ path: String, _ role: String) throws {
    guard let other = known.first(where: { $0.identity == identity }) else { return }
    let name = path == "-" ? "standard output" : path
    throw Failure(.output, "\(name): is \(other.role) already, and \(role) would write over it: choose another name")
  }
}
