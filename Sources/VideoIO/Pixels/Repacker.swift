internal import CFFmpeg

/// Moves samples between pixel formats of one colour model: unpacking, byte order, greater depth. Sample by sample and without arithmetic on
/// colours, so that the way there and back changes no bit.
final class Repacker {
  /// One component of the target.
  private struct Component {
    let target: Int32
    /// nil: there is none, and the target gets the middle value.
    let source: Int32?
    let sourceDepth: Int
    let targetDepth: Int
    /// Chroma planes are smaller.
    let isChroma: Bool
    /// The whole range of values is stretched; limited-range and colour difference samples get zeros below.
    let isStretched: Bool
  }

  private let from: UnsafePointer<AVPixFmtDescriptor>
  private let to: UnsafePointer<AVPixFmtDescriptor>
  private let format: AVPixelFormat
  private let components: [Component]
  private let isPalette: Bool
  /// In this format 0 is white.
  private let isInverted: Bool
  private let path: String
  private let isFullRange: Bool
  /// Three components of 8 bits on both sides. (With alpha, libswscale changes colours.)
  private let isSwizzle: Bool
  /// Pixels of a chroma sample, two at least each way.
  private let cell: (x: Int, y: Int)
  /// Made for the size of the first frame.
  private var swizzler: Swizzler?

  /// - Throws: when one of the formats is not known.
  init(from: AVPixelFormat, to: AVPixelFormat, isFullRange: Bool, path: String) throws(VideoError) {
    guard let source = av_pix_fmt_desc_get(from), let target = av_pix_fmt_desc_get(to) else {
      throw VideoError(.unsupported, file: path, "its pixel format is not known")
    }
    (self.from, self.to, format, self.path) = (source, target, to, path)
    isPalette = Int32(truncatingIfNeeded: source.pointee.flags) & AV_PIX_FMT_FLAG_PAL != 0
    isInverted = from == AV_PIX_FMT_MONOWHITE
    let isRGB = Int32(truncatingIfNeeded: target.pointee.flags) & AV_PIX_FMT_FLAG_RGB != 0
    let depths = [source, target].map { d in
      [d.pointee.comp.0, d.pointee.comp.1, d.pointee.comp.2, d.pointee.comp.3].map { Int($0.depth) }
    }
    let count = Int(source.pointee.nb_components)
    components = (0..<Int(target.pointee.nb_components)).map { [isPalette] index in
      // Palettes are words of alpha, red, green, blue; grey with alpha has its alpha second.
      let origin = isPalette ? [2, 1, 0, 3][index] : count > 2 ? index : [0: 0, 3: 1][index] ?? Int.max
      let isKnown = isPalette || origin < count
      let isAlpha = index == 3
      return Component(
        target: Int32(index), source: isKnown ? Int32(origin) : nil,
        sourceDepth: isPalette || !isKnown ? 8 : depths[0][origin],
        targetDepth: depths[1][index], isChroma: !isRGB && (index == 1 || index == 2),
        isStretched: isRGB || isAlpha || (index == 0 && isFullRange))
    }
    self.isFullRange = isFullRange
    cell = (max(2, 1 << Int(target.pointee.log2_chroma_w)), max(2, 1 << Int(target.pointee.log2_chroma_h)))
    isSwizzle =
      !isPalette && source.pointee.nb_components == 3 && components.count == 3
      && components.allSatisfy { $0.source != nil && $0.sourceDepth == 8 && $0.targetDepth == 8 }
  }

  /// What brings frames like `frame` into the planar form of their format; nil where they are in it.
  convenience init?(unpacking frame: Frame, to layout: PixelLayout) throws(VideoError) {
    guard frame.format != layout.format, fullRangeAlias[frame.format.rawValue] == nil else { return nil }
    try self.init(
      from: frame.format, to: layout.format, isFullRange: ColourCoding(frame.pointer).isFullRange, path: frame.file)
  }

  /// A new frame in the target format with the source's properties.
  func repack(_ source: UnsafePointer<AVFrame>) throws(VideoError) -> Owned<AVFrame> {
    let (width, height) = (source.pointee.width, source.pointee.height)
    let made = try Owned(format, width: width, height: height, path: path)
    let target = made.pointer
    av_frame_copy_props(target, source)
    // libswscale interpolates chroma where a sample's cell of pixels is not whole.
    if isSwizzle, width % Int32(cell.x) == 0, height % Int32(cell.y) == 0 {
      swizzler =
        swizzler
        ?? Swizzler(
          from: AVPixelFormat(rawValue: source.pointee.format), to: format, width: width, height: height,
          isFullRange: isFullRange)
      if let swizzler, swizzler.swizzle(source, into: target) { return made }
    }
    // Samples are added to what is there (av_write_image_line2).
    for buffer in [target.pointee.buf.0, target.pointee.buf.1, target.pointee.buf.2, target.pointee.buf.3] {
      if let buffer { buffer.pointee.data.update(repeating: 0, count: buffer.pointee.size) }
    }
    let line = UnsafeMutablePointer<UInt16>.allocate(capacity: Int(width))
    defer { line.deallocate() }
    for component in components {
      let shiftX = component.isChroma ? Int32(to.pointee.log2_chroma_w) : 0,
        shiftY = component.isChroma ? Int32(to.pointee.log2_chroma_h) : 0
      let columns = (width + (1 << shiftX) - 1) >> shiftX, rows = (height + (1 << shiftY) - 1) >> shiftY
      for row in 0..<rows {
        if let index = component.source {
          read(source, index, row, columns, into: line)
          deepen(line, Int(columns), component)
        } else {
          line.update(repeating: UInt16(1 << (component.targetDepth - 1)), count: Int(columns))
        }
        write(line, component.target, row, columns, to: target)
      }
    }
    return made
  }

  private func read(
    _ frame: UnsafePointer<AVFrame>, _ component: Int32, _ row: Int32, _ columns: Int32,
    into line: UnsafeMutablePointer<UInt16>
  ) {
    var data = frame.pointee.data
    withUnsafeMutableBytes(of: &data) { planes in
      withUnsafeBytes(of: frame.pointee.linesize) { sizes in
        av_read_image_line2(
          line, planes.baseAddress!.assumingMemoryBound(to: UnsafePointer<UInt8>?.self),
          sizes.baseAddress!.assumingMemoryBound(to: Int32.self),
          from, 0, row, isPalette ? 0 : component, columns, 0, 2)
      }
    }
    guard isPalette, let palette = frame.pointee.data.1 else { return }
    for i in 0..<Int(columns) { line[i] = UInt16(palette[4 * Int(line[i] & 0xFF) + Int(component)]) }
  }

  private func write(
    _ line: UnsafePointer<UInt16>, _ component: Int32, _ row: Int32, _ columns: Int32,
    to frame: UnsafeMutablePointer<AVFrame>
  ) {
    var data = frame.pointee.data
    withUnsafeMutableBytes(of: &data) { planes in
      withUnsafeBytes(of: frame.pointee.linesize) { sizes in
        av_write_image_line2(
          line, planes.baseAddress!.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self),
          sizes.baseAddress!.assumingMemoryBound(to: Int32.self), to, 0, row, component, columns, 2)
      }
    }
  }

  private func deepen(_ line: UnsafeMutablePointer<UInt16>, _ count: Int, _ component: Component) {
    let peak = (1 << component.sourceDepth) - 1, wanted = (1 << component.targetDepth) - 1
    if isInverted { for i in 0..<count { line[i] = UInt16(peak) &- line[i] } }
    // Words of 16 bits may hold more than their depth says: the brightest there is.
    if component.sourceDepth < 16 { for i in 0..<count { line[i] = min(line[i], UInt16(peak)) } }
    guard peak < wanted else { return }
    if component.isStretched {
      for i in 0..<count { line[i] = UInt16((Int(line[i]) * wanted + peak / 2) / peak) }
    } else {
      for i in 0..<count { line[i] <<= UInt16(component.targetDepth - component.sourceDepth) }
    }
  }
}
