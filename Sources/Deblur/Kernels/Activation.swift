/// What a layer applies to each of its sums.
enum Activation: Sendable, Equatable {
  /// `x`
  case none
  /// `x < 0 ? slope * x : x`, slope in 0 … 1.
  case leakyReLU(slope: Float)
  /// `max(0, x)`
  case relu
  /// `1 / (1 + exp(-x))`
  case sigmoid

  /// The slope below zero that the convolution kernels apply; nil for what they leave to `applySigmoid`.
  var slope: Float? {
    switch self {
    case .none: 1
    case .leakyReLU(let slope): slope
    case .relu: 0
    case .sigmoid: nil
    }
  }
}
