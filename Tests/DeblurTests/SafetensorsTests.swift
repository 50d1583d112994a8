import Foundation
import TestSupport
import Testing

@testable import Deblur

@Suite struct SafetensorsTests {
  /// Two tensors of six and two bytes-of-four elements.
  static var sound: SafetensorsBuilder {
    var builder = SafetensorsBuilder()
    builder.metadata = ["name": "test"]
    builder.add("a", [2, 3], [1, -2, 3.5, 0, 1e-20, 6])
    builder.add("b", "F16", [2], Data([0x00, 0x3C, 0x00, 0xC1]))
    return builder
  }

  /// The problem with which a file is refused.
  static func problem(_ bytes: Data) throws -> WeightsError.Problem? {
    try withFile(bytes) { url in
      do throws(WeightsError) {
        let file = try Safetensors(path: url.path)
        for (key, entry) in file.entries { _ = try file.floats(key, entry) }
        return nil
      } catch {
        #expect(error.description.hasPrefix(url.path + ": "))
        #expect(!error.description.contains("\n"))
        return error.problem
      }
    }
  }

  /// The key of the tensor that a file is refused for.
  static func badTensor(_ bytes: Data) throws -> String? {
    guard case .badTensor(let key, _) = try problem(bytes) else { return nil }
    return key
  }

  /// Why a file is taken for a foreign one.
  static func foreignness(_ bytes: Data) throws -> String? {
    guard case .notSafetensors(let reason) = try problem(bytes) else { return nil }
    return reason
  }

  @Test func valuesShapesAndMetadataComeBack() throws {
    try withFile(Self.sound.bytes()) { url in
      let file = try Safetensors(path: url.path)
      #expect(file.metadata == ["name": "test"])
      #expect(file.entries["a"]?.shape == [2, 3])
      #expect(try file.floats("a", #require(file.entries["a"])) == [1, -2, 3.5, 0, 1e-20, 6])
      #expect(try file.floats("b", #require(file.entries["b"])) == [1, -2.5])
    }
  }

  @Test(
    arguments: [
      (0x0000, 0), (0x8000, -0.0), (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0400, 0x1p-14), (0x03FF, 0x1.FF8p-15),
      (0x0001, 0x1p-24), (0x3555, 0.333251953125), (0x7C00, .infinity), (0xFC00, -.infinity),
    ] as [(UInt16, Float)])
  func halfPrecisionWidensExactly(bits: UInt16, value: Float) {
    #expect(float32(halfBits: bits).bitPattern == value.bitPattern)
  }

  @Test func halfPrecisionNaNStaysNaN() { #expect(float32(halfBits: 0x7E01).isNaN) }

  @Test func anEmptyTensorAndAnyOrderOfTheHeaderAreSound() throws {
    var builder = Self.sound
    builder.add("0", [0, 4], [])
    #expect(try Self.problem(builder.bytes()) == nil)
  }

  @Test func aFileThatIsMissingAFolderOrAPipe() throws {
    let missing = "/nonexistent/weights.safetensors"
    #expect(throws: WeightsError(path: missing, problem: .unreadable(reason: "No such file or directory"))) {
      try Safetensors(path: missing)
    }
    #expect(throws: WeightsError(path: "/tmp", problem: .unreadable(reason: "not a regular file"))) {
      try Safetensors(path: "/tmp")
    }
    let folder = try ScratchFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: WeightsError(path: pipe, problem: .unreadable(reason: "not a regular file"))) {
      try Safetensors(path: pipe)
    }
  }

  @Test(
    arguments: [
      "[1, 2]", "{\"a\":", "{\"a\": 3}", "{\"a\": {\"dtype\": \"F32\"}}", "{\"__metadata__\": {\"a\": 1}}", " {}",
      String(repeating: "{\"a\":", count: 100_000),
    ])
  func headersThatAreNoListOfTensors(_ json: String) throws {
    #expect(try Self.foreignness(SafetensorsBuilder.file(header: Data(json.utf8))) != nil)
  }

  @Test func bytesThatAreNoSafetensorsFile() throws {
    #expect(try Self.foreignness(Data()) == "the file is empty")
    #expect(try Self.foreignness(Data([1, 2, 3])) == "3 bytes are too few")
    #expect(try Self.foreignness(Data("this is a text file, not weights".utf8)) != nil)
    #expect(try Self.foreignness(SafetensorsBuilder.file(header: Data([0x7B, 0xFF, 0xFE, 0x7D]))) != nil)
  }

  @Test func aHeaderLengthBeyondTheLimitOrTheFile() throws {
    var huge = try Self.sound.bytes()
    huge.replaceSubrange(0..<8, with: Data(repeating: 0xFF, count: 8))
    #expect(try Self.foreignness(huge)?.contains("18446744073709551615") == true)
    var long = try Self.sound.bytes()
    let count = long.count
    long.replaceSubrange(0..<8, with: withUnsafeBytes(of: UInt64(1_000_000).littleEndian) { Data($0) })
    #expect(try Self.problem(long) == .truncated(wanted: 1_000_008, found: count))
    long.replaceSubrange(0..<8, with: withUnsafeBytes(of: UInt64(10_000_001).littleEndian) { Data($0) })
    #expect(try Self.foreignness(long)?.contains("10000001") == true)
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let whole = try Self.sound.bytes()
    for count in 0..<whole.count {
      #expect(try Self.problem(whole.prefix(count)) != nil, "the first \(count) of \(whole.count) bytes")
    }
    #expect(try Self.problem(whole.dropLast()) == .truncated(wanted: whole.count, found: whole.count - 1))
  }

  @Test func bytesBehindTheLastTensor() throws {
    #expect(try Self.problem(Self.sound.bytes() + [0]) == .notSafetensors(reason: "1 bytes follow the last tensor"))
  }

  /// They overlap, leave gaps, run backwards, lie outside or do not fit the shape.
  @Test(
    arguments: [[0, 28], [4, 28], [-4, 20], [24, 0], [0, 1 << 40], [Int.max - 24, Int.max], [0], [0, 8, 24]])
  func offsetsThatDoNotFitFileOrShape(_ offsets: [Int]) throws {
    var builder = Self.sound
    builder.spoil("a", "data_offsets", offsets)
    #expect(try Self.badTensor(builder.bytes()) == "a")
  }

  @Test func twoTensorsOnTheSameBytes() throws {
    var builder = SafetensorsBuilder()
    builder.add("a", [2], [1, 2])
    builder.add("b", [2], [3, 4])
    builder.spoil("b", "data_offsets", [0, 8])
    #expect(try Self.badTensor(builder.bytes()) != nil)
  }

  @Test func aGapBetweenTwoTensors() throws {
    var builder = SafetensorsBuilder()
    builder.add("a", [1], [1])
    builder.add("hidden", [1], [2])
    builder.add("b", [1], [3])
    builder.spoil("hidden", "data_offsets", [0, 0])
    builder.spoil("hidden", "shape", [0])
    #expect(try Self.problem(builder.bytes()) == .badTensor(key: "b", reason: "unclaimed bytes lie before it"))
  }

  @Test(arguments: [[-2, -3], [Int.max, Int.max], [1 << 62, 4]])
  func shapesThatAreNegativeOrOverflow(_ shape: [Int]) throws {
    var builder = Self.sound
    builder.spoil("a", "shape", shape)
    #expect(try Self.badTensor(builder.bytes()) == "a")
  }

  @Test func aMessageStaysReadableWhateverTheFileNames() throws {
    var builder = SafetensorsBuilder()
    let key = String(repeating: "k", count: 100_000)
    builder.add(key, [1], [1])
    builder.spoil(key, "shape", [Int](repeating: 7, count: 100_000))
    let problem = try #require(try Self.problem(builder.bytes()))
    let message = WeightsError(path: "w", problem: problem).description
    #expect(message.hasPrefix("w: tensor 'kkk") && message.hasSuffix("is too large") && message.count < 500)
  }

  @Test(arguments: ["I64", "F64", "BF16", "f32"])
  func otherElementTypes(_ type: String) throws {
    var builder = Self.sound
    builder.spoil("a", "dtype", type)
    #expect(try Self.problem(builder.bytes()) == .elementType(key: "a", found: type))
  }

  @Test func weightsThatAreNotNumbers() throws {
    var builder = Self.sound
    builder.add("c", [3], [1, .nan, 2])
    #expect(try Self.problem(builder.bytes()) == .notFinite(key: "c", index: 1))
    builder = Self.sound
    builder.add("d", "F16", [1], Data([0x00, 0x7C]))
    #expect(try Self.problem(builder.bytes()) == .notFinite(key: "d", index: 0))
  }
}
