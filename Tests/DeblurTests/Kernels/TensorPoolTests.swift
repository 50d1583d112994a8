import Testing

@testable import Deblur

@Suite struct TensorPoolTests {
  @Test func blocksAreAlignedAndApart() {
    let pool = TensorPool()
    let blocks = [1, 63, 64, 65, 4097, 1 << 20].map { pool.take(bytes: $0) }
    #expect(blocks.allSatisfy { Int(bitPattern: $0.base) % TensorPool.alignment == 0 })
    let places = blocks.map { Int(bitPattern: $0.base)..<Int(bitPattern: $0.base) + $0.bytes }
    for (index, place) in places.enumerated() {
      #expect(places[..<index].allSatisfy { !$0.overlaps(place) })
    }
    blocks.forEach(pool.give)
    #expect(pool.bytesInUse == 0)
  }

  @Test func returnedMemoryIsUsedAgain() {
    let pool = TensorPool()
    let blocks = (0..<4).map { _ in pool.take(bytes: 100_000) }
    let lowest = blocks[0].base
    // Returned in an order in which every way of joining gaps occurs.
    for index in [0, 2, 1, 3] { pool.give(blocks[index]) }
    let whole = pool.take(bytes: 4 * 100_000)
    #expect(whole.base == lowest, "four neighbours make room for one block of their size")
    pool.give(whole)
  }

  @Test func peakIsTheMostInUseAtOnce() {
    let pool = TensorPool()
    let first = pool.take(bytes: 1 << 16)
    pool.give(first)
    let second = pool.take(bytes: 1 << 16)
    #expect(pool.peakBytes == second.bytes)
    pool.give(second)
  }

  @Test func tensorsReturnTheirStorage() {
    let pool = TensorPool()
    do {
      let tensor = Tensor(3, 5, 7, pool: pool)
      tensor[2, 4, 6] = 1
      #expect(tensor.data[3 * 5 * 7 - 1] == 1)
      #expect(pool.bytesInUse >= 3 * 5 * 7 * 4)
    }
    #expect(pool.bytesInUse == 0)
  }
}
