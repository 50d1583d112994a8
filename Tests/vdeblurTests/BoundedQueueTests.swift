import Synchronization
import Testing

@testable import vdeblur

@Suite struct BoundedQueueTests {
  @Test func keepsOrderAndEnds() throws {
    let queue = BoundedQueue<Int>(capacity: 3)
    let producer = NamedThread("producer") {
      for value in 0..<1000 { try? queue.push(value) }
      queue.finish()
    }
    var received: [Int] = []
    while let value = try queue.pop() { received.append(value) }
    producer.join()
    #expect(received == Array(0..<1000))
  }

  @Test func makesTheProducerWait() throws {
    let queue = BoundedQueue<Int>(capacity: 64) { $0 }
    let inside = Mutex((now: 0, most: 0))
    let producer = NamedThread("producer") {
      for _ in 0..<200 {
        try? queue.push(32)
        inside.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      }
      queue.finish()
    }
    while try queue.pop() != nil { inside.withLock { $0.now -= 1 } }
    producer.join()
    // Two fit; one more may be counted in before the pop that made room for it is counted out.
    #expect(inside.withLock { $0.most } <= 3)
  }

  @Test func handsOverOneAtATime() throws {
    let queue = BoundedQueue<Int>(capacity: 100)
    let handed = Mutex(0)
    let producer = NamedThread("producer") {
      for value in 0..<100 {
        try? queue.handOver(value)
        handed.withLock { $0 += 1 }
      }
      queue.finish()
    }
    var taken = 0
    while try queue.pop() != nil {
      taken += 1
      // Never counted as handed over before it was taken.
      #expect(handed.withLock { $0 } <= taken)
    }
    producer.join()
    #expect(taken == 100)
  }

  @Test func letsAnElementThroughThatIsHeavierThanAll() throws {
    let queue = BoundedQueue<Int>(capacity: 10) { $0 }
    try queue.push(50)
    #expect(try queue.pop() == 50)
  }

  @Test func abortWakesBothSides() {
    let full = BoundedQueue<Int>(capacity: 1)
    try? full.push(1)
    let empty = BoundedQueue<Int>(capacity: 1)
    let ended = Mutex(0)
    let threads = [
      NamedThread("pushing") { do { try full.push(2) } catch { ended.withLock { $0 += 1 } } },
      NamedThread("popping") { do { _ = try empty.pop() } catch { ended.withLock { $0 += 1 } } },
    ]
    full.abort()
    empty.abort()
    threads.forEach { $0.join() }
    #expect(ended.withLock { $0 } == 2)
  }
}
