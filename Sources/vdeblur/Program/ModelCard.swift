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
  /// What was measured of it by the training program, in dB of PSNR, by kind of clip.
  let quality: [String: Gain]

  /// PSNR of the validation clips before and after.
  struct Gain: Codable {
    let inputPSNR: Double
    let outputPSNR: Double
    let gain: Double

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
    quality = (try? JSONDecoder().decode([String: Gain].self, from: Data(model.quality.utf8))) ?? [:]
  }

  /// `strong +1.52 dB, mild +0.80 dB`.
  var qualitySummary: String {
    guard !quality.isEmpty else { return "not stated" }
    return quality.sorted { $0.value.gain > $1.value.gain }.map { kind, figures in
      "\(kind) \(figures.gain < 0 ? "" : "+")\(fixed(figures.gain, 2)) dB"
    }.joined(separator: ", ")
  }
}
