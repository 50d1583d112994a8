import Foundation

/// Every kernel in plain loops, sums in double: the truth that the fast kernels are tested against.
public enum Reference {
  static func apply(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .none: x
    case .leakyReLU(let slope): x < 0 ? Double(slope) * x : x
    case .relu: max(x, 0)
    case .sigmoid: 1 / (1 + exp(-x))
    }
  }

  /// Channels of `parts` one behind the other. Shape: `[H, W, ΣC]`.
  public static func concatenate(_ parts: [Tensor]) -> Tensor {
    let out = Tensor(parts[0].height, parts[0].width, parts.reduce(0) { $0 + $1.channels })
    var first = 0
    for part in parts {
      for y in 0..<out.height {
        for x in 0..<out.width {
          for c in 0..<part.channels { out[y, x, first + c] = part[y, x, c] }
        }
      }
      first += part.channels
    }
    return out
  }
}
