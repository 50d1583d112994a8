/// What a layer applies to each of its sums.
public enum Activation: Sendable, Equatable {
  case none
  /// `x < 0 ? slope * x : x`, slope in 0 … 1.
  case leakyReLU(slope: Float)
  case relu
  case sigmoid
}
