import Deblur
import VideoIO

/// Reads a clip, deblurs it, writes it with all else unchanged: `swift run -c release Example INPUT OUTPUT`.
@main struct Example {
  static func main() throws {
    guard CommandLine.arguments.count == 3 else { return print("usage: Example INPUT OUTPUT") }
    let reader = try VideoReader(path: CommandLine.arguments[1])
    let writer = try VideoWriter(path: CommandLine.arguments[2], source: reader.info)
    var window = FrameWindow<Frame>(try Deblurrer(model: .fast))
    let converter = try PixelConverter(for: reader.info)

    while let item = try reader.next() {
      switch item {
      case .packet(let packet): try writer.write(packet)  // from a pipe; from a file the writer copies them itself
      case .frame(let frame):
        let picture = Tensor(frame.height, frame.width, 3)
        try picture.withMutableSpan { try converter.read(frame, into: &$0) }
        // The window gives each frame back one step later, when it has seen the next one.
        if let output = try window.push(picture, frame) {
          try writer.write(output.restored.withSpan { try converter.write($0, like: output.payload) })
        }
      }
    }
    if let output = try window.finish() {
      try writer.write(output.restored.withSpan { try converter.write($0, like: output.payload) })
    }
    print("\(try writer.finish().frames) frames")
  }
}
