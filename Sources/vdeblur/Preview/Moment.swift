import Deblur
import Logging
import VideoIO

/// The frame that is on the screen at some time, with the two beside it that the networks need.
struct Moment {
  let source: Source
  let frame: Frame
  private let previous: Frame?
  private let next: Frame?

  /// - Parameter time: seconds from the beginning of the clip.
  /// - Throws: `Failure` if the clip ends before `time`.
  init(at time: Double, of path: String, _ input: InputArguments, log: Logger) throws {
    // Frames may be far apart, and only reading tells: look back a second, then ten, then from the beginning. A pipe
    // is read once.
    let isReadOnce = Source.isReadOnce(path)
    for lookback in isReadOnce ? [.infinity] : [1, 10, .infinity] {
      let start = max(0, time - lookback)
      let source: Source
      do {
        // What follows is a neighbour of the segment: none where the picture changes its size there.
        let segment = Segment(start: start, end: time + 0.001)
        source = try Source(path: path, input, segment: isReadOnce ? nil : segment, log: log)
      } catch let error as VideoError where error.kind == .unsupported && start == 0 && !isReadOnce {
        // The first picture comes later.
        source = try Source(path: path, input, segment: nil, log: log)
      } catch let error as VideoError where error.kind == .unsupported && start > 0 {
        throw Failure(
          .input, "\(path): no frame at \(clock(time)) s: the clip \(error.problem); choose an earlier --frame")
      }
      var (before, shown, after) = (nil as Frame?, nil as Frame?, nil as Frame?)
      while let candidate = try source.nextFrame() {
        if source.position(of: candidate) > time + 1e-6 {
          after = candidate
          break
        }
        (before, shown) = (shown, candidate)
      }
      let isEnough = start == 0 || before != nil
      if isEnough, let shown = shown ?? after {
        if after == nil, time > source.position(of: shown) + max(shown.durationInSeconds, 1.0 / 24) {
          throw Failure(
            .input,
            "\(path): no frame at \(clock(time)) s: the last one begins at \(clock(source.position(of: shown))) s; "
              + "choose an earlier --frame")
        }
        (self.source, frame, previous) = (source, shown, before)
        next = after === shown ? try source.nextFrame() : after
        return
      }
    }
    throw Failure(.input, "\(path): no frame at \(clock(time)) s: choose an earlier --frame")
  }

  /// The frame's restored picture, [H, W, 3].
  func restored(by deblurring: Deblurring) throws -> Tensor {
    var ready: Parcel?
    for member in [previous, frame, next].compactMap(\.self) {
      ready = try deblurring.push(member, source.tensors.tensor(of: member), wanted: member === frame) ?? ready
    }
    guard case .picture(_, let restored)? = try (ready ?? deblurring.finish())?.restored() else {
      preconditionFailure("a window gives one picture for every wanted frame")
    }
    return restored
  }
}
