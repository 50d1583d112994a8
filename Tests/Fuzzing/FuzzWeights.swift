import Foundation

/// libFuzzer's entry: arbitrary bytes as a weights file, or as the numbers of a configuration for which weights are invented; a
/// network that loads also restores a frame. Compiled together with the sources of Deblur and its kernels.
///
/// A refusal is fine; a crash, a hang or a byte touched outside a tensor is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWeights(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  _ = oneThread
  var numbers = Numbers(bytes: UnsafeBufferPointer(start: data, count: count))
  do {
    // No header is so long that the eighth byte of its length counts.
    if count > 8, data[7] != 0 {
      guard let file = try InventedModel.file(configuration(&numbers), mostWeights: 60_000, mostTensors: 80) else {
        return 0
      }
      try file.withUnsafeBytes { bytes in
        try restore(fuzzFile(holding: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), bytes.count), &numbers)
      }
    } else {
      let path = fuzzFile(holding: data, count)
      let file = try Safetensors(path: path)
      for (key, entry) in file.entries { _ = try file.floats(key, entry) }
      try restore(path, &numbers)
    }
  } catch let error as WeightsError {
    precondition(!error.description.isEmpty)
  } catch let error as DeblurError {
    precondition(!error.description.isEmpty)
  } catch {
    fatalError("an error of no kind that a caller expects: \(error)")
  }
  return 0
}

/// What is tested does not depend on their number.
private let oneThread: Void = Parallel.threadCount = 1

private func restore(_ path: String, _ numbers: inout Numbers) throws {
  let sets = InstructionSet.available
  let instructions = sets[numbers.next() % sets.count]
  let (height, width) = (1 + numbers.next() % 40, 1 + numbers.next() % 40)
  try InstructionSet.$current.withValue(instructions) {
    let deblurrer = try Deblurrer(model: .file(URL(fileURLWithPath: path)))
    let config = deblurrer.model.config
    let pixels = Double(config.padded(height) * config.padded(width))
    guard pixels * config.multiplyAccumulatesPerPixel < 1e8, config.peakBytes(height: height, width: width) < 1 << 28
    else { return }
    let frames = try (0..<3).map { _ in
      let frame = Tensor(height, width, 3)
      for index in 0..<frame.count { frame.data[index] = Float(numbers.next()) / 255 }
      return try deblurrer.prepare(frame)
    }
    for (previous, next) in [(frames[0], frames[2]), (nil, frames[2]), (frames[0], nil)] {
      let restored = try deblurrer.restore(previous: previous, middle: frames[1], next: next)
      precondition(restored.height == height && restored.width == width && restored.channels == 3)
    }
  }
}

/// Numbers from the fuzzer's bytes; when they are used up, from the beginning again.
private struct Numbers {
  let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func next() -> Int {
    guard !bytes.isEmpty else { return 0 }
    defer { place = (place + 1) % bytes.count }
    return Int(bytes[place])
  }

  mutating func isTrue() -> Bool { next() % 2 == 1 }

  /// Mostly small, and around every size at which a kernel changes what it does or a limit lies.
  mutating func width() -> Int {
    let widths = [
      1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 20, 24, 31, 32, 33, 48, 49, 64, 65, 96, 128, 129, 255, 256, 257, 260,
      516, 520, 1023,
      1024, 1025, 1028, 2048, 4096, 4097, -1, 0,
    ]
    return widths[next() % widths.count]
  }

  mutating func widths(_ most: Int) -> [Int] { (0..<1 + next() % most).map { _ in width() } }
}

private func configuration(_ numbers: inout Numbers) -> ModelConfig {
  let restoration = ModelConfig.Restoration(
    unshuffle: numbers.next() % 10, widths: [numbers.width(), numbers.width(), numbers.width()],
    kernel: [1, 3, 5, 7, 2][numbers.next() % 5], blocks: numbers.next() % 3, ppm: numbers.isTrue(),
    cbam: numbers.isTrue(),
    cbamRatio: numbers.next() % 33, flowInput: numbers.isTrue(), pathSamples: numbers.next() % 66,
    motionGate: [0, 0, 0.001, 2, 1000, 1e-30][numbers.next() % 6])
  let flow = ModelConfig.Flow(
    unshuffle: numbers.next() % 10, pyramid: numbers.widths(8), convolutions: 1 + numbers.next() % 2,
    finest: numbers.next() % 9,
    radius: numbers.next() % 10, decoder: numbers.widths(4), dense: numbers.isTrue(),
    context: (0..<1 + numbers.next() % 3).map { _ in [numbers.width(), 1 + numbers.next() % 65] })
  let isSingle = numbers.isTrue()
  return ModelConfig(
    name: "fuzzed", frames: isSingle ? 1 : 3, slope: Float(numbers.next() % 11) / 10, flow: isSingle ? nil : flow,
    restoration: restoration)
}
