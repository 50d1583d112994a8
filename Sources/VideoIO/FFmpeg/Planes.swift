internal import CFFmpeg

/// The first sample of a row.
@inline(__always)
func planeRow(_ frame: UnsafePointer<AVFrame>, _ plane: Int, _ row: Int) -> UnsafeMutablePointer<UInt8> {
  withUnsafePointer(to: frame.pointee.data) { data in
    data.withMemoryRebound(to: UnsafeMutablePointer<UInt8>?.self, capacity: 8) { $0[plane]! }
  } + row * planeStride(frame, plane)
}

@inline(__always)
func planeStride(_ frame: UnsafePointer<AVFrame>, _ plane: Int) -> Int {
  withUnsafePointer(to: frame.pointee.linesize) { sizes in
    sizes.withMemoryRebound(to: Int32.self, capacity: 8) { Int($0[plane]) }
  }
}
