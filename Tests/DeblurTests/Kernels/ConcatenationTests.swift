import TestSupport
import Testing

@testable import Deblur

/// Against plain loops.
@Suite struct ConcatenationTests {
  @Test func concatenation() {
    var generator = SeededGenerator(seed: 6)
    let parts = [1, 16, 3].map { generator.tensor(5, 4, $0) }
    expectEveryVariant(Reference.concatenate(parts), tolerance: 0) { concatenate(parts) }
  }
}
