/// First form: the plain loops under the kernels' own names.
public func warp(_ image: Tensor, by flow: Tensor) -> Tensor { Reference.warp(image, by: flow) }
public func costVolume(_ a: Tensor, _ b: Tensor, radius: Int, slope: Float? = nil) -> Tensor {
  Reference.costVolume(a, b, radius: radius, slope: slope)
}
public func resizeBilinear(_ x: Tensor, height: Int, width: Int, scale: Float = 1) -> Tensor {
  Reference.resizeBilinear(x, height: height, width: width, scale: scale)
}
public func adaptiveAveragePool(_ x: Tensor, cells: Int) -> Tensor { Reference.adaptiveAveragePool(x, cells: cells) }
public func averagePool(_ x: Tensor, factor: Int, scale: Float = 1) -> Tensor {
  Reference.averagePool(x, factor: factor, scale: scale)
}
public func globalPool(_ x: Tensor) -> (mean: [Float], max: [Float]) { Reference.globalPool(x) }
public func channelStatistics(_ x: Tensor, scaledBy scale: [Float]? = nil) -> Tensor {
  Reference.channelStatistics(x, scaledBy: scale)
}
public func scaleChannelsAndPixels(_ x: Tensor, channels: [Float], pixels: Tensor) -> Tensor {
  Reference.scaleChannelsAndPixels(x, channels: channels, pixels: pixels)
}
public func pixelUnshuffle(_ x: Tensor, factor: Int, offset: Float = 0) -> Tensor {
  Reference.pixelUnshuffle(x, factor: factor, offset: offset)
}
public func pixelShuffle(_ x: Tensor, factor: Int, adding residual: Tensor? = nil) -> Tensor {
  Reference.pixelShuffle(x, factor: factor, adding: residual)
}
public func concatenate(_ parts: [Tensor]) -> Tensor { parts.count == 1 ? parts[0] : Reference.concatenate(parts) }
public func reflectPad(_ x: Tensor, height: Int, width: Int) -> Tensor {
  Reference.reflectPad(x, height: height, width: width)
}
public func crop(_ x: Tensor, height: Int, width: Int) -> Tensor { Reference.crop(x, height: height, width: width) }
