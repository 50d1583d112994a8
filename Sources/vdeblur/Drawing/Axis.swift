import Foundation
import VideoIO

/// A linear axis that ends on round numbers (steps of 1, 2 or 5 times a power of ten).
struct Axis {
  let low: Double
  let high: Double
  let step: Double

  /// - Parameters:
  ///   - values: at least one finite value.
  ///   - ticks: about how many ticks to have.
  init(covering values: [Double], ticks: Int) {
    let least = values.min() ?? 0
    var range = (values.max() ?? 1) - least
    // A flat line gets a little room, so that it does not lie on the frame.
    if range < 1e-9 { range = max(abs(least) * 0.02, 0.02) }
    let rough = range / Double(ticks)
    let power = pow(10, floor(log10(rough)))
    step = power * ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10)
    low = floor(least / step + 1e-9) * step
    high = max(ceil((least + range) / step - 1e-9) * step, low + step)
  }

  var ticks: [Double] { stride(from: 0, through: ((high - low) / step).rounded(), by: 1).map { low + $0 * step } }

  /// 0 at the low end, 1 at the high one.
  func position(_ value: Double) -> Double { (value - low) / (high - low) }

  func label(_ tick: Double) -> String { fixed(tick, max(0, Int(limiting: -log10(step) - 1e-9, rounded: .up))) }
}
