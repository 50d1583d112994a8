import Deblur
import VideoIO

/// What tells whether two machines compute the same bits: the versions that are at work, and the bits themselves of a small task that is the
/// same everywhere.
struct Machine: Codable, Equatable {
  let program: String
  let libraries: String
  /// Of the kernels; a machine with a better one takes this one.
  let instructionSet: String
  /// Which of its kernels OpenBLAS has chosen.
  let blas: String
  /// SHA-256 of a restored picture's floats; empty where pictures are only copied.
  let floats: String
  /// SHA-256 of a few coded pictures.
  let encoder: String

  /// This machine, at the work that is asked for.
  init(_ deblurrer: Deblurrer?, _ source: SourceInfo, output: String, options: WriterOptions) throws {
    program = programVersion
    libraries = VideoLibraries.versions
    instructionSet = InstructionSet.name
    blas = LinearAlgebra.name
    floats =
      try deblurrer.map { deblurrer in
        var hash = SHA256()
        let signature = try deblurrer.signature()
        hash.add(signature.span.bytes)
        return hash.finishHex()
      } ?? ""
    encoder = try EncoderFingerprint.hash(path: output, source: source, options: options)
  }

  /// Refuses a plan of another version: nothing of it could be used here.
  func checkVersions() throws {
    guard program == programVersion else {
      throw refusal(
        "is for vdeblur \(program), this is \(programVersion)", "use the same version everywhere")
    }
    guard libraries == VideoLibraries.versions else {
      throw refusal("is for \(libraries); here are \(VideoLibraries.versions)", "use the same libraries everywhere")
    }
  }

  /// Sets this process to compute as the plan does, before anything is computed.
  func pin() throws {
    do { try InstructionSet.pin(instructionSet) } catch {
      throw refusal(
        "is computed with \(instructionSet), which this machine has not",
        "plan with VDEBLUR_ISA set to what all machines have (avx2, baseline)")
    }
  }

  /// Refuses a machine that computes other bits.
  func check(_ here: Machine) throws {
    guard floats == here.floats else {
      let isOther = blas != here.blas
      throw refusal(
        "expects other results of the network than this machine computes"
          + (isOther ? " (OpenBLAS for \(blas) there, for \(here.blas) here)" : ""),
        isOther
          ? "set OPENBLAS_CORETYPE=\(blas) here, or plan where all machines are alike" : "use machines that are alike")
    }
    guard encoder == here.encoder else {
      throw refusal(
        "expects other bits of the encoder than this machine's gives", "use the same build of it everywhere")
    }
  }

  private func refusal(_ problem: String, _ remedy: String) -> Failure {
    Failure(.otherMachine, "not on this machine: the plan \(problem); \(remedy)")
  }
}
