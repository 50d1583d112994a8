import Deblur
import Foundation
import Logging
import VideoIO

/// Most physical memory that a run has in use at a time. It does not grow with the clip's length.
struct MemoryNeed {
  private let source: Source
  private let config: ModelConfig?
  /// In use already, with the weights loaded and the clip open.
  private let opened = peakResidentBytes()
  /// Pixels of a written picture for each of the source's.
  private let enlargement: Double
  private let bytesPerPixel: Double

  /// - Parameters:
  ///   - deblurrer: nil when pictures are only copied.
  ///   - written: the size of what is written, where that is not the source's.
  init(of source: Source, _ deblurrer: Deblurrer?, written: PictureSize? = nil) {
    let frame = source.firstFrame
    (self.source, config) = (source, deblurrer?.model.config)
    enlargement = written.map { Double($0.width * $0.height) / Double(frame.width * frame.height) } ?? 1
    bytesPerPixel = source.info.video.bytesPerPixel
  }

  var bytes: Int { opened + growth(height: source.firstFrame.height, width: source.firstFrame.width) }

  /// What comes on top for frames of a size (measured peaks: docs/command-line.md).
  private func growth(height: Int, width: Int) -> Int {
    let pixels = Double(height * width)
    // Six pictures in the queues and in the stages' hands, [H, W, 3] floats each; in the encoder about 130 frames' worth
    // of samples, most of them x264's lookahead; for the tensors a quarter more than are in use at once, which lies in
    // the gaps of their pool; stacks and buffers of no size in particular.
    let inFlight = 6 * 12 * pixels
    let encoding = 130 * bytesPerPixel * enlargement * pixels
    return (16 << 20) + Int(limiting: inFlight + encoding) + (config?.peakBytes(height: height, width: width) ?? 0) * 5
      / 4
  }

  /// Why the run must not begin, and what would help; nil if it fits into the limit.
  func refusal(limit: ByteCount?) -> Failure? {
    // Beside what is resident, addresses go to libraries' stacks and to room that is never touched.
    let addresses = bytes - opened + (config == nil ? 0 : AddressSpace.neededByThreads) + (256 << 20)
    if let left = AddressSpace.left, addresses > left {
      return Failure(
        .processing,
        "\(source.info.path): the limit of addresses (ulimit -v) leaves \(byteCount(left)), but the run needs about "
          + "\(byteCount(addresses)); raise it, or take fewer --threads")
    }
    guard let limit, bytes > limit.bytes else { return nil }
    let frame = source.firstFrame
    let size = "\(frame.width)x\(frame.height)"
    var remedy = "raise the limit"
    if let height = largestHeight(within: limit.bytes) {
      remedy += ", or make the clip smaller first: ffmpeg -i INPUT -vf scale=-2:\(height) -c:a copy SMALLER"
    }
    return Failure(
      .processing,
      "\(source.info.path): \(size) pictures need about \(byteCount(bytes)) of memory, more than "
        + "--memory-limit \(limit.spelling); \(remedy)")
  }

  /// The most rows, an even number, that a clip of this shape may have.
  private func largestHeight(within limit: Int) -> Int? {
    let frame = source.firstFrame
    return stride(from: frame.height / 2 * 2, to: 15, by: -2).first { height in
      let width = max(2, frame.width * height / frame.height)
      return opened + growth(height: height, width: width) <= limit
    }
  }

  /// A warning where the machine has less left than the run needs; its kernel would end the program without a word.
  var shortage: String? {
    guard let free = availableBytes(), bytes - opened > free else { return nil }
    let need = "the run needs about \(byteCount(bytes)) of memory"
    return "\(source.info.path): \(need), but only \(byteCount(free)) are free"
  }
}

extension InputArguments {
  /// Refuses a run that would need more memory than allowed, and warns of one that needs more than there is.
  func checkMemory(_ need: MemoryNeed, log: Logger) throws {
    if let refusal = need.refusal(limit: memoryLimit) { throw refusal }
    if let shortage = need.shortage { log.warning("\(shortage)") }
  }
}

extension StreamInfo {
  /// Of a decoded frame: one and a half samples a pixel for 4:2:0, up to three.
  fileprivate var bytesPerPixel: Double {
    let format = pixelFormat ?? ""
    let samples =
      if format.contains("444") || format.hasPrefix("gbr") { 3.0 } else if format.contains("422") { 2.0 } else { 1.5 }
    return samples * (bitDepth > 8 ? 2 : 1)
  }
}

/// The largest amount of physical memory that this process has used so far (getrusage).
func peakResidentBytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1024
}

/// What the kernel could hand out without swapping (`MemAvailable` of proc(5)); nil where it does not tell.
private func availableBytes() -> Int? {
  let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8))?.split(separator: "\n")
  let kilobytes = lines?.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ").dropFirst().first
  return kilobytes.flatMap { Int($0) }.map { $0 << 10 }
}
