import Foundation

/// Every kernel in plain loops, sums in double: the truth that the fast kernels are tested against.
enum Reference {
  static func apply(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .none: x
    case .leakyReLU(let slope): x < 0 ? Double(slope) * x : x
    case .relu: max(x, 0)
    case .sigmoid: 1 / (1 + exp(-x))
    }
  }
}
