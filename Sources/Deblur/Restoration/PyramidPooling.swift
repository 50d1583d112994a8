/// Pyramid pooling module between encoder and decoder (the paper's PPM, after PSPNet, Zhao et al., CVPR 2017, section
/// 3.2): the features beside their averages over 1×1, 2×2, 3×3 and 6×6 regions.
struct PyramidPooling: Sendable {
  let branches: [Conv2d]  // [s, s, C/4] for s in `poolingCells`
  let activation: Activation

  init(_ weights: Weights, width: Int, activation: Activation) throws(WeightsError) {
    var branches: [Conv2d] = []
    for index in ModelConfig.Restoration.poolingCells.indices {
      branches.append(try Conv2d(weights["branches"][index], from: width, to: width / 4, kernel: 1))
    }
    self.branches = branches
    self.activation = activation
  }

  /// F [H, W, C] → F_P [H, W, 2C].
  func callAsFunction(_ x: Tensor) -> Tensor {
    let pooled = zip(ModelConfig.Restoration.poolingCells, branches).map { cells, branch in
      let average = adaptiveAveragePool(x, cells: cells)  // [s, s, C]
      return resizeBilinear(branch(average, activation: activation), height: x.height, width: x.width)  // [H, W, C/4]
    }
    return concatenate([x] + pooled)
  }
}
