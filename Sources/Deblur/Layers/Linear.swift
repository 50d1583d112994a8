/// A fully connected layer on one vector; keys `weight` [O, I] and `bias` [O].
struct Linear: Sendable {
  let weight: [Float]  // [O, I]
  let bias: [Float]  // [O]

  init(_ weights: Weights, from inputs: Int, to outputs: Int) throws(WeightsError) {
    weight = try weights.get("weight", shape: outputs, inputs)
    bias = try weights.get("bias", shape: outputs)
  }

  /// weight·x + bias: [I] → [O].
  func callAsFunction(_ x: [Float]) -> [Float] {
    bias.indices.map { row in
      var sum = bias[row]
      for column in x.indices { sum += weight[row * x.count + column] * x[column] }
      return sum
    }
  }
}
