/// A C object that FFmpeg could not allocate.
func allocated<T>(_ pointer: UnsafeMutablePointer<T>?) -> UnsafeMutablePointer<T> {
  // FFmpeg's small allocations fail only when the process cannot go on at all.
  guard let pointer else { fatalError("out of memory") }
  return pointer
}
