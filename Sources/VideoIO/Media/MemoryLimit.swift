/// How much memory one picture may take, decoded and as float RGB. Headers that announce more are refused before anything is allocated.
public struct MemoryLimit: Sendable, Hashable {
  /// Bytes.
  public let bytes: Int

  /// A limit in bytes a picture.
  public init(bytes: Int) { self.bytes = bytes }

  /// 1 GiB: pictures up to 67 megapixels, twice 8K.
  public static let standard = MemoryLimit(bytes: 1 << 30)

  /// 12 bytes a pixel as float RGB, and up to 4 as decoded.
  public var maximumPixels: Int { max(1, bytes / 16) }

  func check(width: Int, height: Int, path: String) throws(VideoError) {
    guard width > 0, height > 0 else { return }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    if overflow || pixels > maximumPixels {
      throw VideoError(
        .input, file: path,
        "announces pictures of \(width)×\(height), more than the memory limit of \(bytes >> 20) MiB a picture allows",
        remedy: "raise it (--memory-limit) or make the video smaller first; or the header is damaged")
    }
  }
}
