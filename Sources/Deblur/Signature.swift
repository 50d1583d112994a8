extension Deblurrer {
  /// Restores a small picture that is the same everywhere: two machines that give other floats restore other pictures.
  /// - Returns: the restored picture, [96, 128, 3].
  package func signature() throws(DeblurError) -> [Float] {
    var frames: [PreparedFrame] = []
    for number in 0..<3 { frames.append(try prepare(samplePicture(number))) }
    let restored = try restore(previous: frames[0], middle: frames[1], next: frames[2])
    return Array(UnsafeBufferPointer(start: restored.data, count: restored.count))
  }

  /// Soft edges with a grain, all of it moving by three columns and a row a picture.
  private func samplePicture(_ number: Int) -> Tensor {
    let (height, width) = (96, 128)
    var values: [Float] = []
    values.reserveCapacity(height * width * 3)
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          let (u, v) = (UInt32(x + 3 * number), UInt32(y + number))
          let grain = (u &* 2_654_435_761 ^ v &* 2_246_822_519 ^ UInt32(c) &* 3_266_489_917) >> 27
          let waves = (u * 5 + UInt32(c) * 60) % 160 + (v * 7) % 64
          values.append(Float(waves + grain) / 255)
        }
      }
    }
    return Tensor(height: height, width: width, channels: 3, values: values)
  }
}
