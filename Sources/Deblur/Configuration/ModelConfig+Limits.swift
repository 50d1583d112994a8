internal import CKernels

/// Which configurations describe a network that can be run. The limits are generous; they keep a hostile file from overflowing
/// an integer or a kernel's memory, and from asking for a terabyte.
extension ModelConfig {
  /// The first value that describes no possible network, in words; nil for a sound configuration.
  var fault: String? { impossibleValue ?? tooWideLayer ?? tooCoarseGrid }

  private var impossibleValue: String? {
    var faults: [String?] = [
      frames == 1 || frames == 3 ? nil : "frames \(frames), wanted 1 or 3",
      (frames == 3) == (flow != nil) ? nil : "frames \(frames) \(flow == nil ? "without" : "with") flow",
      slope >= 0 && slope <= 1 ? nil : "slope \(slope) is outside 0…1",
      restoration.widths.count == 3 ? nil : "restoration.widths has \(restoration.widths.count) values, wanted 3",
      outside("restoration.unshuffle", [restoration.unshuffle], 1...8),
      outside("restoration.widths", restoration.widths, Self.widths),
      [1, 3, 5, 7].contains(restoration.kernel) ? nil : "restoration.kernel \(restoration.kernel), wanted 1, 3, 5 or 7",
      outside("restoration.blocks", [restoration.blocks], 0...64),
      outside("restoration.path_samples", [restoration.pathSamples], 0...64),
      outside("restoration.bend_samples", [restoration.bendSamples], 0...64),
      restoration.flowInput && flow == nil ? "restoration.flow_input without flow" : nil,
      restoration.pathSamples > 0 && flow == nil ? "restoration.path_samples without flow" : nil,
      restoration.bendSamples > 0 && flow == nil ? "restoration.bend_samples without flow" : nil,
      restoration.motionGate == 0 || (0.001...1000).contains(restoration.motionGate)
        ? nil : "restoration.motion_gate \(restoration.motionGate) is neither 0 nor in 0.001…1000",
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
        outside("flow.pyramid", flow.pyramid, Self.widths),
        outside("flow.convolutions", [flow.convolutions], 1...16),
        outside("flow.finest", [flow.finest], 1...max(1, flow.pyramid.count)),
        outside("flow.radius", [flow.radius], 1...8),
        outside("number of flow.decoder widths", [flow.decoder.count], 1...16),
        outside("flow.decoder", flow.decoder, Self.widths),
        outside("number of flow.context layers", [flow.context.count], 1...16),
        flow.context.allSatisfy { $0.count == 2 } ? nil : "flow.context wants pairs [width, dilation]",
        outside("flow.context width", flow.context.compactMap(\.first), Self.widths),
        outside("flow.context dilation", flow.context.compactMap(\.last), 1...64),
      ]
    }
    return faults.compactMap { $0 }.first
  }

  private static let widths = 1...4096

  private func outside(_ name: String, _ values: [Int], _ limits: ClosedRange<Int>) -> String? {
    values.first { !limits.contains($0) }.map { "\(name) \($0) is outside \(limits.lowerBound)…\(limits.upperBound)" }
  }

  /// A layer that sums over more channels than the kernels do in one product, on whichever instruction set.
  private var tooWideLayer: String? {
    let widths = restoration.widths
    var faults = [
      tooWide("the first layer of restoration (unshuffle, path_samples, bend_samples)", [restorationInputs]),
      // Layers of stride 2 read the four phases of their input side by side.
      tooWide("restoration.widths", [widths[0]], phases: 4), tooWide("restoration.widths", [widths[1]], phases: 4),
      tooWide("restoration.widths", [widths[2]]),
    ]
    if let flow {
      faults += flow.pyramid.dropLast().map { tooWide("flow.pyramid", [$0], phases: 4) }
      let displacements = (2 * flow.radius + 1) * (2 * flow.radius + 1)
      // What a decoder reads from its level and from the coarser one: cost volume, features, flow, upsampled features; the
      // context network reads the flow besides.
      let read = [displacements, flow.pyramid.max() ?? 0, 2, 2]
      faults.append(tooWide("flow.decoder", (flow.dense ? read + flow.decoder : read) + [2]))
      faults += flow.decoder.map { tooWide("flow.decoder", [$0, 2]) }
      faults += flow.context.map { tooWide("flow.context", [$0[0]]) }
    }
    return faults.compactMap { $0 }.first
  }

  /// - Parameter parts: channels of the tensors that a layer reads side by side.
  private func tooWide(_ name: String, _ parts: [Int], phases: Int = 1) -> String? {
    // Vectors of four floats are the narrowest there are.
    let stretches = phases * parts.reduce(0) { $0 + ($1 + 3) / 4 }
    let most = Int(VDK_MOST_STRETCHES)
    return stretches <= most
      ? nil
      : "\(name): a layer\(phases > 1 ? " of stride 2" : "") reads \(parts.reduce(0, +)) channels, at most \(4 * most / phases)"
  }

  /// Channels of the restoration network's input.
  var restorationInputs: Int {
    let subpixels = restoration.unshuffle * restoration.unshuffle
    let points = 2 * (restoration.pathSamples + restoration.bendSamples)
    return (3 * frames + points) * subpixels + (restoration.flowInput ? 4 : 0)
  }

  /// A stride so large that the padding of a small frame takes gigabytes.
  private var tooCoarseGrid: String? {
    let most = 512
    return stride <= most
      ? nil
      : "flow.unshuffle, flow.pyramid and restoration.unshuffle want frames whose sides are multiples of \(stride), at most \(most)"
  }
}
