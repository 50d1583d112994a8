import Deblur
import Foundation
import Glibc
import VideoIO

extension PictureArguments {
  /// Loads the chosen network; nil when the strength leaves the pictures as they are.
  /// - Throws: `Failure`, `DeblurError` or `WeightsError` that names what is wrong with the model.
  func deblurrer() throws -> Deblurrer? {
    try strength == 0 ? nil : Deblurrer(model: chosenModel(), strength: strength)
  }

  func applyThreads() {
    if let threads { Parallel.threadCount = threads }
  }

  /// Lists the weights file, if one is named.
  func listWeights(in files: inout CommandFiles) throws {
    if case .file = Model(model) { try files.reads(model, as: "the weights") }
  }

  private func chosenModel() throws -> Model {
    let chosen = Model(model)
    guard case .file = chosen else { return chosen }
    guard access(model.fileName, F_OK) == 0 else {
      let problem = SystemFailure(number: errno)
      let names = Model.shippedNames.map { $0 + " or " }.joined()
      throw Failure.usage(
        model.contains("/") || model.hasSuffix(".safetensors")
          ? "\(model): \(problem): choose \(names)a weights file that is there"
          : "--model '\(model)' is unknown: choose \(names)a .safetensors file; 'vdeblur models' lists them")
    }
    guard model.fileNameBytes != Array(model.utf8) else { return chosen }
    // A name that is no text cannot become a URL: the file is handed on open.
    let descriptor = open(model.fileName, O_RDONLY | O_CLOEXEC)
    return descriptor < 0 ? chosen : .file(URL(fileURLWithPath: "/proc/self/fd/\(descriptor)"))
  }
}
