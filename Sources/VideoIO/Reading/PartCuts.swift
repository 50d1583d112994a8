internal import Synchronization

/// What reading has come upon at the ends of parts. Written by the thread that reads, read by the thread that writes.
public final class PartCuts: Sendable {
  /// A cut, and what was damaged before it.
  struct Entry {
    let cut: PartCut
    let damage: PartDamage
  }

  private let found = Mutex<[Int: Entry]>([:])

  /// None yet.
  public init() {}

  /// The beginning of a part, which is the end of the one before.
  subscript(part: Int) -> Entry? {
    get { found.withLock { $0[part] } }
    set { found.withLock { $0[part] = newValue } }
  }
}
