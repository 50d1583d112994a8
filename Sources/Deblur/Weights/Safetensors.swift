import Foundation

/// A safetensors file: 8 bytes header length (little endian), a JSON header, then the tensors' bytes.
///
/// Format: https://huggingface.co/docs/safetensors. Nothing in the file is trusted: every tensor's bytes must fit its
/// shape, and the tensors must fill the data section without gap or overlap, so no two can share bytes and nothing can
/// hide between them.
struct Safetensors: Sendable {
  /// Element types that the networks are stored in.
  enum ElementType: String {
    case float32 = "F32"
    case float16 = "F16"

    var size: Int { self == .float32 ? 4 : 2 }
  }

  /// One tensor: element type as written, shape as written (PyTorch order), its bytes within the file.
  struct Entry: Sendable {
    let elementType: String
    let shape: [Int]
    let range: Range<Int>
  }

  let path: String
  /// The header's `__metadata__`.
  let metadata: [String: String]
  let entries: [String: Entry]
  private let file: MappedFile

  /// Bytes of the longest header. The largest network of `ModelConfig+Limits` takes less than a tenth of it; the format's
  /// own limit, 100 MB, would let a file take the reader of JSON a minute and gigabytes.
  static let headerLimit = 10_000_000

  init(path: String) throws(WeightsError) {
    let file = try MappedFile(path: path)
    let (header, dataStart) = try Self.header(of: file, path: path)
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]
    for (key, value) in header {
      switch value {
      case .metadata(let values) where key == "__metadata__":
        metadata = values
      case .tensor(let tensor) where key != "__metadata__":
        entries[key] = try Self.entry(tensor, key: key, dataStart: dataStart, path: path)
      default:
        throw WeightsError(path: path, problem: .notSafetensors(reason: "header entry '\(key)' is malformed"))
      }
    }
    try Self.checkLayout(of: entries, from: dataStart, fileSize: file.bytes.count, path: path)
    self.path = path
    self.metadata = metadata
    self.entries = entries
    self.file = file
  }

  /// The elements of one entry in the file's order, as float32, all of them finite.
  func floats(_ key: String, _ entry: Entry) throws(WeightsError) -> [Float] {
    guard let type = ElementType(rawValue: entry.elementType) else {
      throw WeightsError(path: path, problem: .elementType(key: key, found: entry.elementType))
    }
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
    let count = bytes.count / type.size
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
      // Tensors lie at any offset, so every load is an unaligned one.
      switch type {
      case .float32:
        for index in 0..<count {
          buffer[index] = Float(
            bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        }
      case .float16:
        for index in 0..<count {
          buffer[index] = float32(
            halfBits: UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
        }
      }
      initialised = count
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw WeightsError(path: path, problem: .notFinite(key: key, index: index))
    }
    return values
  }
}

// MARK: - Header

extension Safetensors {
  /// A value of the header's JSON object: the metadata's strings, or one tensor.
  fileprivate enum HeaderValue: Decodable {
    case metadata([String: String])
    case tensor(Tensor)

    struct Tensor: Decodable {
      let dtype: String
      let shape: [Int]
      let offsets: [Int]

      enum CodingKeys: String, CodingKey {
        case dtype, shape
        case offsets = "data_offsets"
      }
    }

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let tensor = try? value.decode(Tensor.self) {
        self = .tensor(tensor)
      } else {
        self = .metadata(try value.decode([String: String].self))
      }
    }
  }

  private static func header(
    of file: MappedFile, path: String
  ) throws(WeightsError) -> (header: [String: HeaderValue], dataStart: Int) {
    func failure(_ reason: String) -> WeightsError {
      WeightsError(path: path, problem: .notSafetensors(reason: reason))
    }
    guard file.bytes.count >= 8 else { throw failure("\(file.bytes.count) bytes are too few") }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(headerLimit) else {
      throw failure("a header of \(length) bytes exceeds the limit of \(headerLimit)")
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= file.bytes.count else {
      throw WeightsError(path: path, problem: .truncated(wanted: dataStart, found: file.bytes.count))
    }
    let json = Data(file.bytes[8..<dataStart])
    guard json.first == UInt8(ascii: "{") else { throw failure("the header does not begin with '{'") }
    do {
      return (try JSONDecoder().decode([String: HeaderValue].self, from: json), dataStart)
    } catch {
      throw failure("the header is not the JSON of a tensor list")
    }
  }

  private static func entry(
    _ tensor: HeaderValue.Tensor, key: String, dataStart: Int, path: String
  ) throws(WeightsError) -> Entry {
    func failure(_ reason: String) -> WeightsError {
      WeightsError(path: path, problem: .badTensor(key: key, reason: reason))
    }
    guard tensor.offsets.count == 2 else { throw failure("data_offsets \(tensor.offsets) are not two numbers") }
    let (begin, end) = (tensor.offsets[0], tensor.offsets[1])
    guard begin >= 0, begin <= end, end <= Int.max - dataStart else {
      throw failure("bytes \(begin) ..< \(end) are no range")
    }
    guard tensor.shape.allSatisfy({ $0 >= 0 }) else { throw failure("shape \(tensor.shape) has a negative side") }
    if let type = ElementType(rawValue: tensor.dtype) {
      var wanted = type.size
      for side in tensor.shape {
        let (product, overflow) = wanted.multipliedReportingOverflow(by: side)
        guard !overflow else { throw failure("shape \(tensor.shape) is too large") }
        wanted = product
      }
      guard end - begin == wanted else {
        throw failure("\(tensor.dtype) \(tensor.shape) takes \(wanted) bytes, the header gives \(end - begin)")
      }
    }
    return Entry(elementType: tensor.dtype, shape: tensor.shape, range: dataStart + begin..<dataStart + end)
  }

  /// The tensors in order of their bytes must lie end to end from the header to the end of the file.
  private static func checkLayout(
    of entries: [String: Entry], from dataStart: Int, fileSize: Int, path: String
  ) throws(WeightsError) {
    var position = dataStart
    let ordered = entries.sorted { a, b in
      (a.value.range.lowerBound, a.value.range.upperBound) < (b.value.range.lowerBound, b.value.range.upperBound)
    }
    for (key, entry) in ordered {
      guard entry.range.lowerBound == position else {
        let reason =
          entry.range.lowerBound < position ? "its bytes overlap another tensor's" : "unclaimed bytes lie before it"
        throw WeightsError(path: path, problem: .badTensor(key: key, reason: reason))
      }
      position = entry.range.upperBound
    }
    guard position <= fileSize else {
      throw WeightsError(path: path, problem: .truncated(wanted: position, found: fileSize))
    }
    guard position == fileSize else {
      throw WeightsError(
        path: path, problem: .notSafetensors(reason: "\(fileSize - position) bytes follow the last tensor"))
    }
  }
}

/// IEEE 754 half precision, widened exactly. (Swift's `Float16` is not available on every platform that Swift runs on.)
func float32(halfBits half: UInt16) -> Float {
  let sign = UInt32(half & 0x8000) << 16
  let exponent = UInt32(half & 0x7C00) >> 10
  let fraction = UInt32(half & 0x03FF)
  switch exponent {
  case 0:  // zero and subnormals: fraction × 2⁻²⁴
    let magnitude = Float(fraction) * 0x1p-24
    return Float(bitPattern: magnitude.bitPattern | sign)
  case 31:  // infinity and NaN
    return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default:
    return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
