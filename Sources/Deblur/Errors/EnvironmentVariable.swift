/// Names of the environment variables that the library reads.
enum EnvironmentVariable {
  /// The folder with the shipped weights.
  static let resources = "VDEBLUR_RESOURCES"
  /// The kernels' instruction set.
  static let instructionSet = "VDEBLUR_ISA"
}
