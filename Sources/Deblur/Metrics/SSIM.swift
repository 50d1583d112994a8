import Foundation

/// Structural similarity (Wang, Bovik, Sheikh, Simoncelli: "Image quality assessment", IEEE TIP 2004) of 8-bit RGB
/// images: 11×11 Gaussian window with σ 1.5, K₁ 0.01, K₂ 0.03, population moments, every position where the window fits
/// inside the image; the figure is the mean over positions and the three channels.
public enum SSIM {
  /// - Returns: 1 for identical images, lower for less similar ones. Images narrower or lower than 11 pixels get the
  ///   largest odd window that fits.
  /// - Precondition: both images have the same size.
  public static func between(_ a: RGBImage, _ b: RGBImage) -> Double {
    precondition(a.height == b.height && a.width == b.width, "images of two sizes")
    let window = gaussian(fitting: min(a.height, a.width))
    let rows = a.height - window.count + 1
    let rowSums = [Double](unsafeUninitializedCapacity: rows) { sums, initialised in
      nonisolated(unsafe) let sums = sums
      Parallel.for(rows) { row in
        sums[row] = sumOverRow(row, a, b, window)
      }
      initialised = rows
    }
    return rowSums.reduce(0, +) / Double(rows * (a.width - window.count + 1) * 3)
  }

  /// Normalised Gaussian weights of the window's rows and, the window being separable, columns.
  private static func gaussian(fitting side: Int) -> [Double] {
    let count = min(11, side % 2 == 1 ? side : side - 1)
    let weights = (0..<max(1, count)).map { index in
      let distance = Double(index - count / 2)
      return exp(-distance * distance / (2 * 1.5 * 1.5))
    }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The windows whose first row is `top`: columns are filtered first, then rows; the three interleaved channels side
  /// by side.
  private static func sumOverRow(_ top: Int, _ a: RGBImage, _ b: RGBImage, _ window: [Double]) -> Double {
    let count = 3 * a.width
    let outputs = 3 * (a.width - window.count + 1)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 10 * count) { buffer in
      let columns = (0..<5).map { buffer.baseAddress! + $0 * count }
      let windows = (5..<10).map { buffer.baseAddress! + $0 * count }
      buffer.initialize(repeating: 0)
      a.bytes.withUnsafeBufferPointer { a in
        b.bytes.withUnsafeBufferPointer { b in
          for (tap, weight) in window.enumerated() {
            let start = (top + tap) * count
            accumulateMoments(a.baseAddress! + start, b.baseAddress! + start, weight, into: columns, count)
          }
        }
      }
      for (moment, column) in zip(windows, columns) {
        for (tap, weight) in window.enumerated() {
          let shifted = column + 3 * tap
          for index in 0..<outputs { moment[index] += weight * shifted[index] }
        }
      }
      return sumOfSimilarity(windows, outputs)
    }
  }

  /// Adds weight·(x, y, x², y², xy) of one image row. In doubles: a variance is the small difference of large moments.
  private static func accumulateMoments(
    _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ weight: Double,
    into moments: [UnsafeMutablePointer<Double>], _ count: Int
  ) {
    let (meanX, meanY, squareX, squareY, product) = (moments[0], moments[1], moments[2], moments[3], moments[4])
    for index in 0..<count {
      let x = Double(a[index])
      let y = Double(b[index])
      meanX[index] += weight * x
      meanY[index] += weight * y
      squareX[index] += weight * (x * x)
      squareY[index] += weight * (y * y)
      product[index] += weight * (x * y)
    }
  }

  private static func sumOfSimilarity(_ moments: [UnsafeMutablePointer<Double>], _ count: Int) -> Double {
    let (c1, c2) = ((0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255))
    let (meanX, meanY, squareX, squareY, product) = (moments[0], moments[1], moments[2], moments[3], moments[4])
    var sum = 0.0
    for index in 0..<count {
      let (x, y) = (meanX[index], meanY[index])
      let variances = squareX[index] - x * x + squareY[index] - y * y
      let covariance = product[index] - x * y
      sum += (2 * x * y + c1) * (2 * covariance + c2) / ((x * x + y * y + c1) * (variances + c2))
    }
    return sum
  }
}
