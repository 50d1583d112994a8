import Foundation
import Testing

@testable import Deblur

@Suite struct WeightsTests {
  /// The problem with which a model is refused.
  static func problem(_ bytes: Data) throws -> WeightsError.Problem? {
    try withFile(bytes) { url in
      do {
        _ = try Deblurrer(model: .file(url))
        return nil
      } catch let error as WeightsError {
        #expect(error.path == url.path)
        return error.problem
      }
    }
  }

  /// Why a configuration is refused.
  static func fault(_ change: (inout ModelConfig) -> Void) throws -> String? {
    let bytes = try TinyModel.file { builder in
      guard var config = try? JSONDecoder().decode(ModelConfig.self, from: Data(builder.metadata["config"]!.utf8))
      else { return }
      change(&config)
      builder.metadata["config"] = (try? JSONEncoder().encode(config)).map { String(decoding: $0, as: UTF8.self) }
    }
    guard case .configuration(let reason) = try problem(bytes) else { return nil }
    return reason
  }

  @Test func aSoundFileLoads() throws {
    #expect(try Self.problem(TinyModel.file()) == nil)
  }

  @Test func aMissingTensorIsNamedWithTheWantedShape() throws {
    let bytes = try TinyModel.file { $0.remove("flow.context.predict.weight") }
    #expect(try Self.problem(bytes) == .missing(key: "flow.context.predict.weight", wanted: [2, 6, 3, 3]))
  }

  @Test func aTensorOfAnotherShapeIsNamedWithBothShapes() throws {
    let bytes = try TinyModel.file { builder in
      builder.remove("restoration.cbam.reduce.weight")
      builder.add("restoration.cbam.reduce.weight", [32, 8], [Float](repeating: 0, count: 256))
    }
    let problem = WeightsError.Problem.shape(key: "restoration.cbam.reduce.weight", wanted: [8, 32], found: [32, 8])
    #expect(try Self.problem(bytes) == problem)
    let error = WeightsError(path: "x.safetensors", problem: problem)
    #expect(
      error.description == "x.safetensors: tensor 'restoration.cbam.reduce.weight' has shape [32, 8], wanted [8, 32]; "
        + "the file does not match its configuration")
  }

  @Test func aTensorThatTheNetworkHasNoPlaceFor() throws {
    let bytes = try TinyModel.file { $0.add("restoration.extra", [1], [0]) }
    #expect(try Self.problem(bytes) == .unused(keys: ["restoration.extra"]))
  }

  @Test func weightsOfAnotherConfiguration() throws {
    let bytes = try TinyModel.file { builder in
      builder.metadata["config"] = builder.metadata["config"]?.replacingOccurrences(
        of: #""ppm": true"#, with: #""ppm": false"#)
    }
    guard case .shape("restoration.cbam.reduce.weight", wanted: [4, 16], found: [8, 32]) = try Self.problem(bytes)
    else {
      Issue.record("\(String(describing: try Self.problem(bytes)))")
      return
    }
  }

  /// Without our format, without configuration, or with a malformed one.
  @Test func aFileWithoutFormatOrASoundConfiguration() throws {
    func reason(_ change: (inout [String: String]) -> Void) throws -> String? {
      guard case .configuration(let reason) = try Self.problem(TinyModel.file { change(&$0.metadata) }) else {
        return nil
      }
      return reason
    }
    #expect(try reason { $0 = [:] } == "metadata 'format' is missing, wanted 'vdeblur-1'")
    #expect(try reason { $0["format"] = "pt" } == "metadata 'format' is 'pt', wanted 'vdeblur-1'")
    #expect(try reason { $0["config"] = nil } == "metadata 'config' is missing")
    #expect(try reason { $0["config"] = "fast" } == "metadata 'config' is not JSON")
    #expect(try reason { $0["config"] = "{}" } == "metadata 'config' lacks 'name'")
    #expect(
      try reason { $0["config"] = $0["config"]?.replacingOccurrences(of: "\"radius\": 2", with: "\"radius\": \"2\"") }
        == "metadata 'config' has a wrong type at 'flow.radius'")
  }

  @Test func configurationsOfImpossibleNetworks() throws {
    #expect(try Self.fault { $0.frames = 2 } == "frames 2, wanted 1 or 3")
    #expect(try Self.fault { $0.flow = nil } == "frames 3 without flow")
    #expect(try Self.fault { $0.frames = 1 } == "frames 1 with flow")
    #expect(try Self.fault { $0.slope = -1 } == "slope -1.0 is outside 0…1")
    #expect(try Self.fault { $0.restoration.unshuffle = 0 } == "restoration.unshuffle 0 is outside 1…8")
    #expect(try Self.fault { $0.restoration.widths = [8, 8] } == "restoration.widths has 2 values, wanted 3")
    #expect(
      try Self.fault { $0.restoration.widths = [8, 8, 6] } == "restoration.widths 6 is no multiple of 4, wanted for ppm"
    )
    #expect(try Self.fault { $0.restoration.widths[0] = .max } == "restoration.widths \(Int.max) is outside 1…4096")
    #expect(try Self.fault { $0.restoration.kernel = 4 } == "restoration.kernel 4, wanted 1, 3, 5 or 7")
    #expect(try Self.fault { $0.restoration.blocks = -1 } == "restoration.blocks -1 is outside 0…64")
    #expect(try Self.fault { $0.restoration.cbamRatio = 33 } == "restoration.cbam_ratio 33 is outside 1…32")
    #expect(try Self.fault { $0.flow?.pyramid = [] } == "number of flow.pyramid levels 0 is outside 1…8")
    #expect(try Self.fault { $0.flow?.finest = 4 } == "flow.finest 4 is outside 1…3")
    #expect(try Self.fault { $0.flow?.unshuffle = 1 << 62 } == "flow.unshuffle \(1 << 62) is outside 1…8")
    #expect(try Self.fault { $0.flow?.radius = 1000 } == "flow.radius 1000 is outside 1…8")
    #expect(try Self.fault { $0.flow?.decoder = [] } == "number of flow.decoder widths 0 is outside 1…16")
    #expect(try Self.fault { $0.flow?.context = [[8]] } == "flow.context wants pairs [width, dilation]")
    #expect(try Self.fault { $0.flow?.context = [[8, 0]] } == "flow.context dilation 0 is outside 1…64")
    #expect(
      try Self.fault { $0.restoration.motionGate = 1e-30 }
        == "restoration.motion_gate 1e-30 is neither 0 nor in 0.001…1000")
  }

  /// Each would make a kernel write behind its table of summands, on the instruction set with the narrowest vectors or on all.
  @Test func layersWiderThanTheKernelsSumOver() throws {
    let strided = "restoration.widths: a layer of stride 2 reads 257 channels, at most 256"
    #expect(try Self.fault { $0.restoration.widths = [257, 8, 8] } == strided)
    #expect(try Self.fault { $0.restoration.widths = [8, 257, 8] } == strided)
    #expect(
      try Self.fault { $0.restoration.widths = [8, 8, 4096] }
        == "restoration.widths: a layer reads 4096 channels, at most 1024")
    #expect(
      try Self.fault {
        $0.restoration.unshuffle = 8
        $0.restoration.pathSamples = 5
      }
        == "the first layer of restoration (unshuffle, path_samples, bend_samples): a layer reads 1220 channels, at most 1024"
    )
    #expect(
      try Self.fault { $0.flow?.pyramid = [300, 8] }
        == "flow.pyramid: a layer of stride 2 reads 300 channels, at most 256")
    #expect(
      try Self.fault {
        $0.flow?.dense = true
        $0.flow?.decoder = [Int](repeating: 128, count: 16)
      }?.hasPrefix("flow.decoder: a layer reads ") == true)
    #expect(
      try Self.fault { $0.flow?.decoder = [1024] } == "flow.decoder: a layer reads 1026 channels, at most 1024")
    #expect(
      try Self.fault { $0.flow?.context = [[1025, 1]] } == "flow.context: a layer reads 1025 channels, at most 1024")
  }

  /// A frame of one pixel would be padded to two gigabytes.
  @Test func gridsThatFramesWouldHaveToBePaddedTo() throws {
    let fault = try Self.fault {
      $0.flow?.unshuffle = 8
      $0.flow?.pyramid = [Int](repeating: 8, count: 8)
      $0.restoration.unshuffle = 7
    }
    #expect(
      fault
        == "flow.unshuffle, flow.pyramid and restoration.unshuffle want frames whose sides are multiples of 14336, at most 512"
    )
  }

  @Test func theWidestLayersRunOnEveryInstructionSet() throws {
    var config = try Golden("tiny-single-frame").config
    config.restoration.widths = [256, 8, 1024]
    (config.restoration.ppm, config.restoration.cbam, config.restoration.blocks) = (false, false, 0)
    config.restoration.kernel = 3
    let file = try #require(try InventedModel.file(config))
    for instructions in InstructionSet.available {
      try InstructionSet.$current.withValue(instructions) {
        let deblurrer = try withFile(file) { try Deblurrer(model: .file($0)) }
        let frame = try deblurrer.prepare(TinyModel.frame(13, 9, time: 0))
        let restored = try deblurrer.restore(previous: nil, middle: frame, next: nil)
        #expect(restored.shape == Shape(height: 13, width: 9, channels: 3))
      }
    }
  }

  /// The tables in docs/networks.md.
  @Test(
    arguments: [
      ("fast", 1_395_219, 53_283.21875, 32, 385), ("paper", 7_278_910, 999_759.8125, 32, 928),
      ("paper-published", 17_118_008, 1_325_771.8056640625, 64, 1413),
    ])
  func costOfThePresets(_ name: String, parameters: Int, perPixel: Double, stride: Int, megabytes: Int) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let json = try Data(contentsOf: root.appendingPathComponent("training/configs/\(name).json"))
    let config = try JSONDecoder().decode(ModelConfig.self, from: json)
    #expect(config.name == name && config.fault == nil && config.stride == stride)
    #expect(config.parameterCount == parameters)
    #expect(abs(config.multiplyAccumulatesPerPixel - perPixel) < 0.01)
    #expect((config.peakBytes(height: 1080, width: 1920) + 500_000) / 1_000_000 == megabytes)
  }

  @Test func stridesOfThePresetsShapes() throws {
    var config = try Golden("tiny").config
    #expect(config.stride == 16)
    config.flow?.pyramid = [16, 24, 32, 48]
    #expect(config.stride == 32)
    #expect(config.padded(1) == 32 && config.padded(32) == 32 && config.padded(1080) == 1088)
    config.restoration.unshuffle = 3
    #expect(config.stride == 96)
    config.flow = nil
    #expect(config.stride == 12)
  }

  @Test(
    arguments: ["tiny", "tiny-ppm", "tiny-cbam", "tiny-none", "tiny-single-frame", "tiny-paper", "tiny-full-size"])
  func parametersAreThoseOfTheFile(_ name: String) throws {
    let golden = try Golden(name)
    let stored = golden.file.entries.filter { $0.key.hasPrefix("weight.") }.values
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
    #expect(try golden.config.parameterCount == stored)
  }

  /// Reference: counted on PyTorch's layers, the pyramid once a frame.
  @Test(
    arguments: [
      ("tiny", 2400.890625), ("tiny-ppm", 2129.359375), ("tiny-cbam", 2122.890625), ("tiny-none", 2121.359375),
      ("tiny-single-frame", 1070.53125), ("tiny-paper", 17983.5625), ("tiny-full-size", 19094.484375),
    ])
  func multiplyAccumulates(_ name: String, perPixel: Double) throws {
    #expect(try Golden(name).config.multiplyAccumulatesPerPixel == perPixel)
  }
}
