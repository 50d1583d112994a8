import Foundation

/// Hands out tensor storage and takes it back.
///
/// Fresh memory is slow to appear on virtual machines (every page faults once), so a pool keeps what it
/// has touched. It reserves one range of addresses and gives each tensor the lowest gap that holds it;
/// gaps that touch are joined. What is touched therefore stays close to the most that was in use at once,
/// whatever the mix of sizes.
final class TensorPool: @unchecked Sendable {
  /// The pool of all tensors that name no other.
  static let shared = TensorPool(
    range: isWatched ? UnsafeMutableRawBufferPointer(start: nil, count: 0) : reserve())

  /// Readable bytes behind every block.
  static let slack = 128
  static let alignment = 64

  struct Block {
    let base: UnsafeMutableRawPointer
    let bytes: Int
  }

  private let lock = NSLock()
  private let range: UnsafeMutableRawBufferPointer
  private var gaps: [Range<Int>]  // offsets, ascending, never touching each other
  private var usable = 0  // bytes from the start of the range that have been made readable and writable
  private var inUse = 0
  private var peak = 0

  /// A pool of its own, for measuring what some work needs.
  convenience init() { self.init(range: Self.reserve()) }

  private init(range: UnsafeMutableRawBufferPointer) {
    self.range = range
    gaps = range.count > 0 ? [0..<range.count] : []
  }

  /// Whether AddressSanitizer watches this process: it sees what reaches beyond a block only if each is an allocation of its own.
  private static var isWatched: Bool { dlsym(nil, "__asan_report_load1") != nil }

  deinit { if range.count > 0 { munmap(range.baseAddress, range.count) } }

  /// Bytes handed out and not yet returned.
  var bytesInUse: Int { lock.withLock { inUse } }
  /// The largest `bytesInUse` so far.
  var peakBytes: Int { lock.withLock { peak } }

  func take(bytes: Int) -> Block {
    let size = (bytes + Self.slack + Self.alignment - 1) / Self.alignment * Self.alignment
    return lock.withLock {
      inUse += size
      peak = max(peak, inUse)
      guard let index = gaps.firstIndex(where: { $0.count >= size }), makeUsable(gaps[index].lowerBound + size) else {
        return Block(base: .allocate(byteCount: size, alignment: Self.alignment), bytes: size)
      }
      let start = gaps[index].lowerBound
      gaps[index] = start + size..<gaps[index].upperBound
      if gaps[index].isEmpty { gaps.remove(at: index) }
      return Block(base: range.baseAddress! + start, bytes: size)
    }
  }

  func give(_ block: Block) {
    lock.withLock {
      inUse -= block.bytes
      guard let base = range.baseAddress, block.base >= base, block.base < base + range.count else {
        block.base.deallocate()
        return
      }
      var start = block.base - base
      var end = start + block.bytes
      var index = gaps.firstIndex { $0.lowerBound > start } ?? gaps.count
      if index < gaps.count, gaps[index].lowerBound == end { end = gaps.remove(at: index).upperBound }
      if index > 0, gaps[index - 1].upperBound == start {
        index -= 1
        start = gaps.remove(at: index).lowerBound
      }
      gaps.insert(start..<end, at: index)
    }
  }

  /// Makes at least the first `bytes` of the range usable; false if the system refuses.
  private func makeUsable(_ bytes: Int) -> Bool {
    guard bytes > usable else { return true }
    let end = min((bytes + Self.step - 1) / Self.step * Self.step, range.count)
    let start = range.baseAddress! + usable
    guard mprotect(start, end - usable, PROT_READ | PROT_WRITE) == 0 else { return false }
    // A tile's rows lie far apart: with small pages every one of them needs its own address translation.
    madvise(start, end - usable, MADV_HUGEPAGE)
    usable = end
    return true
  }

  /// Addresses only, no memory; the largest range that the system grants, empty if none. Where addresses are limited, half of what the
  /// threads do not need.
  private static func reserve() -> UnsafeMutableRawBufferPointer {
    let most = AddressSpace.left.map { ($0 - AddressSpace.neededByThreads) / 2 } ?? .max
    var bytes = 1 << 36
    while bytes >= 1 << 30 {
      guard bytes <= most else {
        bytes /= 4
        continue
      }
      let base = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
      if let base, base != MAP_FAILED { return UnsafeMutableRawBufferPointer(start: base, count: bytes) }
      bytes /= 4
    }
    return UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  /// Bytes made usable at a time: whole huge pages.
  private static let step = 64 << 20
}
