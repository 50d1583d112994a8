/// A dense `[H, W, C]` float32 array, channels last, contiguous and 64-byte aligned.
///
/// A reference type, so that layers hand it on without copying; the storage comes from a
/// pool and returns there when the last reference goes. Kernels treat their inputs as
/// immutable: only the creator of a tensor writes to it, before handing it on.
public final class Tensor: @unchecked Sendable {
  /// Rows, columns and channels.
  public let shape: Shape
  /// `shape.count` floats. `TensorPool.slack` readable bytes follow, so that a vector load may run past the end.
  package let data: UnsafeMutablePointer<Float>
  private let pool: TensorPool
  private let block: TensorPool.Block

  /// Uninitialised storage of shape `[height, width, channels]`.
  public convenience init(_ height: Int, _ width: Int, _ channels: Int) {
    self.init(height, width, channels, pool: .shared)
  }

  /// The same in a pool of one's own.
  init(_ height: Int, _ width: Int, _ channels: Int, pool: TensorPool) {
    precondition(height >= 0 && width >= 0 && channels >= 0, "negative side in a tensor's shape")
    shape = Shape(height: height, width: width, channels: channels)
    self.pool = pool
    block = pool.take(bytes: shape.count * MemoryLayout<Float>.stride)
    data = block.base.bindMemory(to: Float.self, capacity: shape.count)
  }

  /// Uninitialised storage of the given shape.
  public convenience init(shape: Shape) {
    self.init(shape.height, shape.width, shape.channels)
  }

  /// A copy of `values` in the order of the layout: `values[(y * width + x) * channels + c]`.
  public convenience init(height: Int, width: Int, channels: Int, values: [Float]) {
    precondition(
      values.count == height * width * channels,
      "\(values.count) values for the shape [\(height), \(width), \(channels)]")
    self.init(height, width, channels)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { data.update(from: base, count: source.count) }
    }
  }

  /// Every element set to `value`.
  public convenience init(_ height: Int, _ width: Int, _ channels: Int, filledWith value: Float) {
    self.init(height, width, channels)
    data.update(repeating: value, count: count)
  }

  /// The same of the given shape.
  public convenience init(shape: Shape, filledWith value: Float) {
    self.init(shape.height, shape.width, shape.channels, filledWith: value)
  }

  deinit { pool.give(block) }

  /// H, the rows.
  public var height: Int { shape.height }
  /// W, the columns.
  public var width: Int { shape.width }
  /// C, the floats of one pixel.
  public var channels: Int { shape.channels }
  /// Number of elements.
  public var count: Int { shape.count }

  /// One element; for tests and small tensors, not for loops over pixels.
  public subscript(y: Int, x: Int, c: Int) -> Float {
    get { data[(y * width + x) * channels + c] }
    set { data[(y * width + x) * channels + c] = newValue }
  }

  /// First float of row `y`, `[W, C]`.
  func row(_ y: Int) -> UnsafeMutablePointer<Float> { data + y * width * channels }

  /// The elements in layout order.
  public var values: [Float] { Array(UnsafeBufferPointer(start: data, count: count)) }

  /// Read access to the elements in layout order.
  public func withSpan<Result, Failure>(_ body: (Span<Float>) throws(Failure) -> Result) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: data, count: count).span)
  }

  /// Write access to the elements in layout order, for the creator of the tensor before it hands it on.
  public func withMutableSpan<Result, Failure>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = UnsafeMutableBufferPointer(start: data, count: count).mutableSpan
    return try body(&span)
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape, not the elements.
  public var description: String { "Tensor \(shape)" }
}
