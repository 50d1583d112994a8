internal import COpenBLAS

/// The library that multiplies matrices.
package enum LinearAlgebra {
  /// The processor for which it has chosen its kernels, such as "Haswell" (openblas_get_corename).
  package static var name: String { String(cString: openblas_get_corename()) }
}
