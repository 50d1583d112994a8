import Foundation

/// Hands elements from one thread to another in order, and makes the faster of the two wait.
///
/// Capacity is counted in weight, so that a picture of 25 MB and a packet of sound need not count alike. An element
/// heavier than the whole capacity still passes, alone.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  /// The other side has stopped: there is nothing to wait for.
  struct Aborted: Error {}

  private let capacity: Int
  private let weight: @Sendable (Element) -> Int
  private let condition = NSCondition()  // guards all below
  private var elements: [Element] = []
  private var load = 0
  private var finished = false
  private var aborted = false

  init(capacity: Int, weight: @escaping @Sendable (Element) -> Int = { _ in 1 }) {
    self.capacity = capacity
    self.weight = weight
  }

  /// Waits for room.
  func push(_ element: Element) throws {
    let added = weight(element)
    condition.lock()
    defer { condition.unlock() }
    while !aborted && load > 0 && load + added > capacity { condition.wait() }
    if aborted { throw Aborted() }
    elements.append(element)
    load += added
    condition.broadcast()
  }

  /// Waits until the element has been taken, so that the caller does not go on to hold the next one meanwhile.
  func handOver(_ element: Element) throws {
    try push(element)
    condition.lock()
    defer { condition.unlock() }
    while !aborted && !elements.isEmpty { condition.wait() }
    if aborted { throw Aborted() }
  }

  /// Waits for an element; nil once the queue is finished and empty.
  func pop() throws -> Element? {
    condition.lock()
    defer { condition.unlock() }
    while !aborted && elements.isEmpty && !finished { condition.wait() }
    if aborted { throw Aborted() }
    guard !elements.isEmpty else { return nil }
    let element = elements.removeFirst()
    load -= weight(element)
    condition.broadcast()
    return element
  }

  /// No more elements will be pushed.
  func finish() {
    condition.lock()
    finished = true
    condition.broadcast()
    condition.unlock()
  }

  /// Ends both sides at once and drops what is queued.
  func abort() {
    condition.lock()
    aborted = true
    elements.removeAll()
    condition.broadcast()
    condition.unlock()
  }
}
