internal import CKernels
import Foundation

/// The kernels' instruction set, picked once at run time: the best this processor has, or the one
/// that the environment variable `VDEBLUR_ISA` names (baseline, avx2, avx512).
package struct InstructionSet: @unchecked Sendable, CustomStringConvertible {
  let kernels: UnsafePointer<vdk_kernels>

  /// The set in use. Tests force a lower one with `$current.withValue`.
  @TaskLocal static var current = chosen

  /// Every set this processor can run, the lowest first.
  static let available = (0..<Int(VDK_LEVELS)).compactMap { level in
    vdk_kernels_of(Int32(level)).map(InstructionSet.init)
  }

  /// The name of the set in use: "baseline", "avx2", "avx512" or "neon".
  package static var name: String { current.description }

  /// The name of this set.
  package var description: String { String(cString: kernels.pointee.name) }

  /// The set of this name; the best one for nil or an empty name.
  static func named(_ name: String?) throws(DeblurError) -> InstructionSet {
    guard let name, !name.isEmpty else { return available[available.count - 1] }
    guard let set = available.first(where: { $0.description == name }) else {
      throw .noInstructionSet(name: name, available: available.map(\.description))
    }
    return set
  }

  /// Takes the set of this name, as if the environment had named it.
  /// - Precondition: nothing has been computed yet.
  package static func pin(_ name: String) throws(DeblurError) {
    let wanted = try named(name).description
    setenv(EnvironmentVariable.instructionSet, wanted, 1)
    precondition(current.description == wanted, "the instruction set was in use already")
  }

  /// Refuses an environment that names a set which cannot be had.
  static func checkEnvironment() throws(DeblurError) { _ = try named(environment) }

  private static var environment: String? { ProcessInfo.processInfo.environment[EnvironmentVariable.instructionSet] }
  private static let chosen = (try? named(environment)) ?? available[available.count - 1]

  var lanes: Int { Int(kernels.pointee.lanes) }
}
