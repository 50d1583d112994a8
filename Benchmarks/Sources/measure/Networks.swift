@testable import Deblur
import Foundation

/// A weights file's networks on random frames of one size.
struct Networks {
  private let network: DeblurNetwork
  private let frames: [Tensor]
  private let prepared: [PreparedFrame]
  private let flows: [Tensor]

  init(path: String, height: Int, width: Int) throws {
    let weights = try Weights(contentsOf: URL(fileURLWithPath: path))
    network = try DeblurNetwork(weights, try ModelDescription(contentsOf: URL(fileURLWithPath: path)).config)
    frames = (0..<3).map { _ in Layer.tensor(height, width, 3) }
    flows = (0..<2).map { _ in Layer.tensor(height, width, 2) }
    prepared = frames.map(network.prepare)
  }

  /// Restoration of aligned frames, as one layer.
  var restoration: Layer {
    Layer { [self] in
      let alignment = Alignment(frames: frames.map { AlignedFrame(frame: $0, flow: nil) }, flows: flows)
      _ = network.restoration(RestorationInput(alignment, network.config.restoration))
    }
  }

  /// Both flows, the three frames' pyramids included, as a peer computes them without a sliding window.
  var flow: Layer {
    Layer { [self] in
      let prepared = frames.map(network.prepare)
      _ = network.flow!(prepared[1].pyramid, prepared[0].pyramid)
      _ = network.flow!(prepared[1].pyramid, prepared[2].pyramid)
    }
  }

  /// One frame of a running window: one pyramid, both flows, alignment, restoration.
  var frame: Layer {
    Layer { [self] in
      _ = network.prepare(frames[2])
      let flows = network.match(previous: prepared[0], middle: prepared[1], next: prepared[2])
      let matched = MatchedFrames(previous: prepared[0], middle: prepared[1], next: prepared[2], flows: flows)
      _ = network.restore(matched, isGated: false)
    }
  }
}
