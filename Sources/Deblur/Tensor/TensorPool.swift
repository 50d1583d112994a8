import Foundation

/// Hands out tensor storage and takes it back.
///
/// Fresh memory is slow to appear on virtual machines (every page faults once), so freed blocks
/// are kept and given to the next tensor of about the same size.
public final class TensorPool: @unchecked Sendable {
  public static let shared = TensorPool()

  /// Readable bytes behind every block.
  static let slack = 64
  static let alignment = 64

  struct Block {
    let base: UnsafeMutableRawPointer
    let bytes: Int
  }

  private let lock = NSLock()
  private var free: [Block] = []
  private var inUse = 0
  private var peak = 0

  public init() {}

  deinit { for block in free { block.base.deallocate() } }

  /// Bytes handed out and not yet returned.
  public var bytesInUse: Int { lock.withLock { inUse } }
  /// The largest `bytesInUse` so far.
  public var peakBytes: Int { lock.withLock { peak } }

  func take(bytes: Int) -> Block {
    let size = (bytes + Self.slack + 4095) / 4096 * 4096
    let reused: Block? = lock.withLock {
      let fitting = free.indices.filter { free[$0].bytes >= size && free[$0].bytes <= size + size / 4 }
      let best = fitting.min { free[$0].bytes < free[$1].bytes }
      let block = best.map { free.remove(at: $0) }
      inUse += block?.bytes ?? size
      peak = max(peak, inUse)
      return block
    }
    if let reused { return reused }
    return Block(base: .allocate(byteCount: size, alignment: Self.alignment), bytes: size)
  }

  func give(_ block: Block) {
    lock.withLock {
      inUse -= block.bytes
      free.append(block)
    }
  }
}
