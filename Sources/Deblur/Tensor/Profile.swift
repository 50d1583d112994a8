import Foundation
import Synchronization

/// Where the time goes: wall time by named scope, in the order of first entry.
///
/// Scopes nest: `Profile.measure("flow") { Profile.measure("pyramid") { … } }` is listed as
/// `flow` and `flow/pyramid`. While no profile is active a scope costs one atomic load.
public final class Profile: @unchecked Sendable {
  /// One scope, summed over all its calls.
  public struct Entry: Sendable {
    /// Scope names from the outermost, joined by "/".
    public let path: String
    /// How often the scope was entered.
    public var calls: Int
    /// Wall time inside the scope.
    public var seconds: Double
    /// Multiply-accumulates of the direct algorithm, as given by the scopes.
    public var multiplyAccumulates: Int
  }

  private let lock = NSLock()
  private var order: [String: Int] = [:]
  private var list: [Entry] = []

  /// An empty profile; assign it to ``active`` to fill it.
  public init() {}

  /// Entries in the order in which their scopes were first entered.
  public var entries: [Entry] { lock.withLock { list } }

  /// The profile that scopes report to; nil (the default) for none.
  public static var active: Profile? {
    get { current.withLock { $0 } }
    set {
      current.withLock { $0 = newValue }
      isOn.store(newValue != nil, ordering: .relaxed)
    }
  }

  /// Runs `body` and, if a profile is active, books its wall time under `name`.
  public static func measure<Result>(
    _ name: @autoclosure () -> String, multiplyAccumulates: @autoclosure () -> Int = 0, _ body: () throws -> Result
  ) rethrows -> Result {
    guard isOn.load(ordering: .relaxed), let profile = active else { return try body() }
    return try profile.measure(name(), multiplyAccumulates(), body)
  }

  private func measure<Result>(_ name: String, _ work: Int, _ body: () throws -> Result) rethrows -> Result {
    let thread = Thread.current.threadDictionary
    let outer = thread[Self.key] as? String
    let path = outer.map { $0 + "/" + name } ?? name
    let slot = lock.withLock {
      if let slot = order[path] { return slot }
      order[path] = list.count
      list.append(Entry(path: path, calls: 0, seconds: 0, multiplyAccumulates: 0))
      return list.count - 1
    }
    thread[Self.key] = path
    let start = ContinuousClock.now
    defer {
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      thread[Self.key] = outer
      lock.withLock {
        list[slot].calls += 1
        list[slot].seconds += seconds
        list[slot].multiplyAccumulates += work
      }
    }
    return try body()
  }

  private static let key = "vdeblur.profile"
  private static let isOn = Atomic<Bool>(false)
  private static let current = Mutex<Profile?>(nil)
}
