import Deblur
import VideoIO

/// Where both sides meet: VideoIO's frames become the networks' tensors, and tensors become frames again.
struct FrameTensors {
  private let converter: PixelConverter

  /// - Parameter frame: any frame of the clip; all have its size and pixel format.
  init(for frame: Frame) throws { converter = try PixelConverter(for: frame) }

  /// The frame's picture, [H, W, 3] RGB in [0, 1].
  func tensor(of frame: Frame) throws -> Tensor {
    let tensor = Tensor(frame.height, frame.width, 3)
    try tensor.withMutableSpan { try converter.read(frame, into: &$0) }
    return tensor
  }

  /// A frame with the tensor's picture; format, colour, times and side data are those of `source`.
  func frame(of tensor: Tensor, like source: Frame) throws -> Frame {
    try tensor.withSpan { try converter.write($0, like: source) }
  }

  /// The frame's picture in 8 bits.
  func image(of frame: Frame) throws -> RGB8 {
    var bytes = [UInt8](repeating: 0, count: frame.width * frame.height * 3)
    var pixels = bytes.mutableSpan
    try converter.readBytes(frame, into: &pixels)
    return RGB8(width: frame.width, height: frame.height, bytes: bytes)
  }
}
