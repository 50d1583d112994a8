internal import CFFmpeg

/// How players show stored pictures: turned by quarters, mirrored, or as they are (the display matrix, to the nearest quarter turn).
public struct Orientation: Sendable, Hashable {
  /// Rows are shown as columns: width and height change places.
  public let swapsAxes: Bool
  /// The shown picture runs from right to left, after axes have been swapped.
  public let flipsX: Bool
  /// The shown picture runs from bottom to top, after axes have been swapped.
  public let flipsY: Bool

  /// Shown as stored.
  public static let upright = Orientation(swapsAxes: false, flipsX: false, flipsY: false)

  /// First the axes change places, then each is turned round.
  public init(swapsAxes: Bool, flipsX: Bool, flipsY: Bool) {
    (self.swapsAxes, self.flipsX, self.flipsY) = (swapsAxes, flipsX, flipsY)
  }

  /// From a display matrix of nine numbers (libavutil/display.h): the stored point (x, y) is shown at (a·x + c·y, b·x + d·y).
  init(matrix m: UnsafePointer<Int32>) {
    let (a, b, c, d) = (Int64(m[0]), Int64(m[1]), Int64(m[3]), Int64(m[4]))
    swapsAxes = abs(b) + abs(c) > abs(a) + abs(d)
    (flipsX, flipsY) = swapsAxes ? (c < 0, b < 0) : (a < 0, d < 0)
  }

  /// Whether the shown picture is a mirror image of the stored one, however it is turned.
  public var isMirrored: Bool { swapsAxes != (flipsX != flipsY) }

  /// The size at which stored pictures of a size are shown.
  public func shown(_ size: PictureSize) -> PictureSize {
    swapsAxes ? PictureSize(width: size.height, height: size.width) : size
  }

  /// Where a point of the shown picture is stored.
  /// - Parameter size: of the stored picture.
  @inlinable public func stored(x: Int, y: Int, in size: PictureSize) -> (x: Int, y: Int) {
    let shownWidth = swapsAxes ? size.height : size.width
    let shownHeight = swapsAxes ? size.width : size.height
    let (u, v) = (flipsX ? shownWidth - 1 - x : x, flipsY ? shownHeight - 1 - y : y)
    return swapsAxes ? (v, u) : (u, v)
  }
}

/// The display matrix of a stream, nine numbers; nil where there is none.
func displayMatrix(_ stream: UnsafePointer<AVStream>) -> [Int32]? {
  for i in 0..<cff_stream_side_data_count(stream) {
    let item = cff_stream_side_data_at(stream, i)!.pointee
    guard item.type == AV_PKT_DATA_DISPLAYMATRIX, item.size >= 36 else { continue }
    return item.data.withMemoryRebound(to: Int32.self, capacity: 9) { Array(UnsafeBufferPointer(start: $0, count: 9)) }
  }
  return nil
}

/// The same matrix for stored pictures of another size: what is turned or mirrored about the origin is moved back by the shown size.
func displayMatrix(_ matrix: [Int32], for size: PictureSize) -> [Int32] {
  var moved = matrix
  let orientation = Orientation(matrix: matrix)
  let shown = orientation.shown(size)
  // FFmpeg's own tools leave the shift out, and then it stays out.
  if matrix[6] != 0 { moved[6] = orientation.flipsX ? Int32(shown.width) << 16 : 0 }
  if matrix[7] != 0 { moved[7] = orientation.flipsY ? Int32(shown.height) << 16 : 0 }
  return moved
}
