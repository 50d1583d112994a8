internal import CKernels
import Foundation

/// The kernels' instruction set, picked once at run time: the best this processor has, or the one
/// that the environment variable `VDEBLUR_ISA` names (baseline, avx2, avx512), if it is no better.
public struct InstructionSet: @unchecked Sendable, CustomStringConvertible {
  let kernels: UnsafePointer<vdk_kernels>

  /// The set in use. Tests force a lower one with `$current.withValue`.
  @TaskLocal static var current = chosen

  /// Every set this processor can run, the lowest first.
  static let available = (0..<Int(VDK_LEVELS)).compactMap { level in
    vdk_kernels_of(Int32(level)).map(InstructionSet.init)
  }

  /// The name of the set in use: "baseline", "avx2", "avx512" or "neon".
  public static var name: String { current.description }

  public var description: String { String(cString: kernels.pointee.name) }

  private static let chosen: InstructionSet = {
    let wanted = ProcessInfo.processInfo.environment["VDEBLUR_ISA"]
    return available.first { $0.description == wanted } ?? available[available.count - 1]
  }()

  var lanes: Int { Int(kernels.pointee.lanes) }
}
