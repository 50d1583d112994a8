import Foundation

/// A value that one thread computes and another waits for.
final class Promise<Value: Sendable>: @unchecked Sendable {
  private let kept = DispatchSemaphore(value: 0)
  private var result: Result<Value, any Error>?  // written before the signal, read after it

  /// Computes the value, or fails. Call it once, and always.
  func keep(_ compute: () throws -> Value) {
    result = Result { try compute() }
    kept.signal()
  }

  /// Waits for the value. Call it once.
  /// - Throws: what `keep` failed with.
  func value() throws -> Value {
    kept.wait()
    return try result!.get()
  }
}
