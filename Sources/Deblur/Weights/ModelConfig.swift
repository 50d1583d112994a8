import Foundation

/// The architecture as data: what distinguishes `fast`, `paper` and every ablation of the paper's Table 1 is this
/// value, never code. Stored as JSON in the weights file's metadata under `config`; docs/networks.md explains each
/// field.
public struct ModelConfig: Codable, Equatable, Sendable {
  /// The preset's name.
  public var name: String
  /// Frames of a window: 3, or 1 for the single-frame baseline (then `flow` is nil).
  public var frames: Int
  /// Slope of every LeakyReLU.
  public var slope: Float
  /// The flow network; nil for the single-frame baseline.
  public var flow: Flow?
  /// The network that restores the middle frame.
  public var restoration: Restoration

  /// PWC-Net (Sun et al., CVPR 2018).
  public struct Flow: Codable, Equatable, Sendable {
    /// Space-to-depth factor of the input.
    public var unshuffle: Int
    /// Width of each pyramid level, finest first; level l has 1/(unshuffle·2^l) of the frame's sides.
    public var pyramid: [Int]
    /// Convolutions a pyramid level.
    public var convolutions: Int
    /// The level (from 1) at which estimation ends.
    public var finest: Int
    /// Displacements of the cost volume: ±radius in both directions.
    public var radius: Int
    /// Widths of a decoder's convolutions.
    public var decoder: [Int]
    /// Whether each decoder convolution sees the outputs of all before it (DenseNet connections, PWC-Net section 3).
    public var dense: Bool
    /// Context network: [width, dilation] of each convolution.
    public var context: [[Int]]
  }

  /// Encoder, pyramid pooling, block attention, decoder.
  public struct Restoration: Codable, Equatable, Sendable {
    /// Space-to-depth factor of the input, and of the output.
    public var unshuffle: Int
    /// Widths of the three scales, finest first.
    public var widths: [Int]
    /// Side of the convolutions' kernels.
    public var kernel: Int
    /// Residual blocks an encoder or decoder block.
    public var blocks: Int
    /// Pyramid pooling module between encoder and decoder.
    public var ppm: Bool
    /// Convolutional block attention module between encoder and decoder.
    public var cbam: Bool
    /// Reduction of the attention's hidden layer.
    public var cbamRatio: Int
    /// Whether the flow itself is part of the input.
    public var flowInput: Bool
    /// Samples of the middle frame each way along its motion path that are part of the input; 0: none.
    public var pathSamples: Int
    /// Pixels a frame; what moves by less comes back as it was. 0: everything is restored.
    public var motionGate: Float

    enum CodingKeys: String, CodingKey {
      case unshuffle, widths, kernel, blocks, ppm, cbam
      case cbamRatio = "cbam_ratio"
      case flowInput = "flow_input"
      case pathSamples = "path_samples"
      case motionGate = "motion_gate"
    }
  }
}

extension ModelConfig {
  /// Sides of the frame are padded to a multiple of this, so that every scale of both networks halves exactly.
  public var stride: Int {
    let restorationStride = restoration.unshuffle * 4
    guard let flow else { return restorationStride }
    return leastCommonMultiple(flow.unshuffle << flow.pyramid.count, restorationStride)
  }

  private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return a / x * b
  }

  /// The metadata's `format` of files that this program reads.
  static let format = "vdeblur-1"

  /// Reads and checks the configuration in a weights file's metadata.
  public init(_ weights: Weights) throws(WeightsError) {
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

  /// The first value that describes no possible network, in words; nil for a sound configuration.
  /// The limits are generous; they keep a hostile file from overflowing an integer or asking for a terabyte.
  private var fault: String? {
    func outside(_ name: String, _ values: [Int], _ limits: ClosedRange<Int>) -> String? {
      values.first { !limits.contains($0) }.map { "\(name) \($0) is outside \(limits.lowerBound)…\(limits.upperBound)" }
    }
    let widths = 1...4096
    var faults: [String?] = [
      frames == 1 || frames == 3 ? nil : "frames \(frames), wanted 1 or 3",
      (frames == 3) == (flow != nil) ? nil : "frames \(frames) \(flow == nil ? "without" : "with") flow",
      slope >= 0 && slope <= 1 ? nil : "slope \(slope) is outside 0…1",
      restoration.widths.count == 3 ? nil : "restoration.widths has \(restoration.widths.count) values, wanted 3",
      outside("restoration.unshuffle", [restoration.unshuffle], 1...8),
      outside("restoration.widths", restoration.widths, widths),
      [1, 3, 5, 7].contains(restoration.kernel) ? nil : "restoration.kernel \(restoration.kernel), wanted 1, 3, 5 or 7",
      outside("restoration.blocks", [restoration.blocks], 0...64),
      outside("restoration.path_samples", [restoration.pathSamples], 0...64),
      restoration.flowInput && flow == nil ? "restoration.flow_input without flow" : nil,
      restoration.pathSamples > 0 && flow == nil ? "restoration.path_samples without flow" : nil,
      (0...1000).contains(restoration.motionGate)
        ? nil : "restoration.motion_gate \(restoration.motionGate) is outside 0…1000",
      restoration.motionGate > 0 && flow == nil ? "restoration.motion_gate without flow" : nil,
    ]
    if let channels = restoration.widths.last {
      if restoration.ppm, channels % 4 != 0 {
        faults.append("restoration.widths \(channels) is no multiple of 4, wanted for ppm")
      }
      let attended = restoration.ppm ? 2 * channels : channels
      if restoration.cbam {
        faults.append(outside("restoration.cbam_ratio", [restoration.cbamRatio], 1...max(1, attended)))
      }
    }
    if let flow {
      faults += [
        outside("flow.unshuffle", [flow.unshuffle], 1...8),
        outside("number of flow.pyramid levels", [flow.pyramid.count], 1...8),
        outside("flow.pyramid", flow.pyramid, widths),
        outside("flow.convolutions", [flow.convolutions], 1...16),
        outside("flow.finest", [flow.finest], 1...max(1, flow.pyramid.count)),
        outside("flow.radius", [flow.radius], 1...8),
        outside("number of flow.decoder widths", [flow.decoder.count], 1...16),
        outside("flow.decoder", flow.decoder, widths),
        outside("number of flow.context layers", [flow.context.count], 1...16),
        flow.context.allSatisfy { $0.count == 2 } ? nil : "flow.context wants pairs [width, dilation]",
        outside("flow.context width", flow.context.compactMap(\.first), widths),
        outside("flow.context dilation", flow.context.compactMap(\.last), 1...64),
      ]
    }
    return faults.compactMap { $0 }.first
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
