import Deblur
import Foundation

/// A network as `vdeblur models` shows it: what its file says, and what it costs on this machine.
struct ModelCard: Encodable {
  let name: String
  let version: String
  let file: String
  let parameters: Int
  let multiplyAccumulatesPerPixel: Int
  /// Restoration alone at 1280×720, in proportion from a small picture.
  let framesPerSecond720p: Double
  /// What the training program measured of it, by kind of validation clip.
  let quality: [String: Quality]

  /// Mean PSNR against the sharp truth, in dB. Where the input is the truth itself there is only an output.
  struct Quality: Codable {
    let inputPSNR: Double?
    let outputPSNR: Double
    let gain: Double?

    enum CodingKeys: String, CodingKey {
      case inputPSNR = "input_psnr"
      case outputPSNR = "output_psnr"
      case gain
    }
  }

  init(_ model: ModelDescription) throws {
    name = model.name
    version = model.version
    file = model.url.path
    parameters = model.config.parameterCount
    multiplyAccumulatesPerPixel = Int(model.config.multiplyAccumulatesPerPixel)
    framesPerSecond720p = 1 / (try secondsPerPixel(of: Deblurrer(model: .file(model.url))) * 1280 * 720)
    quality = (try? JSONDecoder().decode([String: Quality].self, from: Data(model.quality.utf8))) ?? [:]
  }

  /// The largest gain first: `moving +1.21 dB, still -0.04 dB, sharp kept at 51.0 dB`.
  var qualitySummary: String {
    guard !quality.isEmpty else { return "not stated" }
    return quality.sorted { $0.value.gain ?? -.infinity > $1.value.gain ?? -.infinity }.map { kind, figures in
      // What rounds to nothing has no sign to show.
      figures.gain.map { "\(kind) \(fixed($0, 2) == "-0.00" ? "0.00" : ($0 < 0 ? "" : "+") + fixed($0, 2)) dB" }
        ?? "\(kind) kept at \(fixed(figures.outputPSNR, 1)) dB"
    }.joined(separator: ", ")
  }
}
