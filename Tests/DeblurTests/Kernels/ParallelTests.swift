import Foundation
import Testing

@testable import Deblur

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 5])
  func everyIndexOnce(threads: Int) {
    let counts = Tensor(1, 1, 1000, filledWith: 0)
    Parallel.$workers.withValue(Workers(count: threads)) {
      Parallel.for(1000) { counts.data[$0] += 1 }
    }
    #expect(counts.values.allSatisfy { $0 == 1 })
  }

  @Test func strips() {
    for height in [0, 1, 7, 16, 200] {
      let rows = Tensor(1, 1, height, filledWith: 0)
      Parallel.rows(height) { first, end in for y in first..<end { rows.data[Int(y)] += 1 } }
      #expect(rows.values.allSatisfy { $0 == 1 })
    }
  }

  @Test func callsFromSeveralThreads() async {
    let workers = Workers(count: 3)
    let sums = await withTaskGroup(of: Float.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let counts = Tensor(1, 1, 500, filledWith: 0)
          workers.run(500, scratch: 0) { index, _ in counts.data[index] += 1 }
          return counts.values.reduce(0, +)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == [Float](repeating: 500, count: 8))
  }

  @Test(
    arguments: [
      (["max", "100000"], nil), (["200000", "100000"], 2), (["150000", "100000"], 2), (["50000", "100000"], 1),
      (["-1", "100000"], nil), (["nonsense"], nil),
    ] as [([String], Int?)])
  func processorQuota(fields: [String], cores: Int?) {
    #expect(CoreCount.quota(fields: fields) == cores)
  }

  @Test func atLeastOneCore() { #expect(Parallel.availableCores >= 1) }
}
