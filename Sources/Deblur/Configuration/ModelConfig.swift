import Foundation

/// The architecture as data: what distinguishes `fast`, `paper` and every ablation of the paper's Table 1 is this
/// value, never code. Stored as JSON in the weights file's metadata under `config`; docs/networks.md explains each
/// field.
package struct ModelConfig: Codable, Equatable, Sendable {
  /// The preset's name.
  var name: String
  /// Frames of a window: 3, or 1 for the single-frame baseline (then `flow` is nil).
  var frames: Int
  /// Slope of every LeakyReLU.
  var slope: Float
  /// The flow network; nil for the single-frame baseline.
  var flow: Flow?
  /// The network that restores the middle frame.
  var restoration: Restoration

  /// PWC-Net (Sun et al., CVPR 2018).
  struct Flow: Codable, Equatable, Sendable {
    /// Space-to-depth factor of the input.
    var unshuffle: Int
    /// Width of each pyramid level, finest first; level l has 1/(unshuffle·2^l) of the frame's sides.
    var pyramid: [Int]
    /// Convolutions a pyramid level.
    var convolutions: Int
    /// The level (from 1) at which estimation ends.
    var finest: Int
    /// Displacements of the cost volume: ±radius in both directions.
    var radius: Int
    /// Widths of a decoder's convolutions.
    var decoder: [Int]
    /// Whether each decoder convolution sees the outputs of all before it (DenseNet connections, PWC-Net section 3).
    var dense: Bool
    /// Context network: [width, dilation] of each convolution.
    var context: [[Int]]
  }

  /// Encoder, pyramid pooling, block attention, decoder.
  struct Restoration: Codable, Equatable, Sendable {
    /// Space-to-depth factor of the input, and of the output.
    var unshuffle: Int
    /// Widths of the three scales, finest first.
    var widths: [Int]
    /// Side of the convolutions' kernels.
    var kernel: Int
    /// Residual blocks an encoder or decoder block.
    var blocks: Int
    /// Pyramid pooling module between encoder and decoder.
    var ppm: Bool
    /// Convolutional block attention module between encoder and decoder.
    var cbam: Bool
    /// Reduction of the attention's hidden layer.
    var cbamRatio: Int
    /// Whether the flow itself is part of the input.
    var flowInput: Bool
    /// Samples of the middle frame each way along its motion path that are part of the input; 0: none.
    var pathSamples: Int
    /// Samples each way along the bend of that path; 0, or absent in the file: none.
    var bendSamples = 0
    /// Pixels a frame; what moves by less comes back as it was. 0: everything is restored.
    var motionGate: Float

    /// Regions a side, of each branch of the pyramid pooling module.
    static let poolingCells = [1, 2, 3, 6]

    enum CodingKeys: String, CodingKey {
      case unshuffle, widths, kernel, blocks, ppm, cbam
      case cbamRatio = "cbam_ratio"
      case flowInput = "flow_input"
      case pathSamples = "path_samples"
      case bendSamples = "bend_samples"
      case motionGate = "motion_gate"
    }
  }
}

extension ModelConfig {
  /// Sides of the frame are padded to a multiple of this, so that every scale of both networks halves exactly.
  var stride: Int {
    let restorationStride = restoration.unshuffle * 4
    guard let flow else { return restorationStride }
    return leastCommonMultiple(flow.unshuffle << flow.pyramid.count, restorationStride)
  }

  /// A side of the frame, padded to a multiple of the stride.
  func padded(_ side: Int) -> Int { (side + stride - 1) / stride * stride }

  private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return a / x * b
  }

  /// The metadata's `format` of files that this program reads.
  static let format = "vdeblur-1"

  /// Reads and checks the configuration in a weights file's metadata.
  init(_ weights: Weights) throws(WeightsError) {
    func failure(_ reason: String) -> WeightsError {
      WeightsError(path: weights.path, problem: .configuration(reason: reason))
    }
    let format = weights.metadata["format"]
    guard format == Self.format else {
      throw failure("metadata 'format' is \(format.map { "'\($0)'" } ?? "missing"), wanted '\(Self.format)'")
    }
    guard let json = weights.metadata["config"] else { throw failure("metadata 'config' is missing") }
    do {
      self = try JSONDecoder().decode(ModelConfig.self, from: Data(json.utf8))
    } catch let error as DecodingError {
      throw failure("metadata 'config' \(error.place)")
    } catch {
      throw failure("metadata 'config' is not JSON")
    }
    if let fault { throw failure(fault) }
  }
}

extension DecodingError {
  /// What is wrong and at which key, in a few words.
  fileprivate var place: String {
    func dotted(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
      (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    }
    return switch self {
    case .keyNotFound(let key, let context): "lacks '\(dotted(context, key))'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context): "has a wrong type at '\(dotted(context))'"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty ? "is not JSON" : "has a bad value at '\(dotted(context))'"
    @unknown default: "is malformed"
    }
  }
}

extension ModelConfig.Restoration {
  /// What older files do not name gets its value here.
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    unshuffle = try values.decode(Int.self, forKey: .unshuffle)
    widths = try values.decode([Int].self, forKey: .widths)
    kernel = try values.decode(Int.self, forKey: .kernel)
    blocks = try values.decode(Int.self, forKey: .blocks)
    ppm = try values.decode(Bool.self, forKey: .ppm)
    cbam = try values.decode(Bool.self, forKey: .cbam)
    cbamRatio = try values.decode(Int.self, forKey: .cbamRatio)
    flowInput = try values.decode(Bool.self, forKey: .flowInput)
    pathSamples = try values.decode(Int.self, forKey: .pathSamples)
    bendSamples = try values.decodeIfPresent(Int.self, forKey: .bendSamples) ?? 0
    motionGate = try values.decode(Float.self, forKey: .motionGate)
  }
}
