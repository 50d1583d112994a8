import Foundation

/// PSNR of 8-bit samples, dB; infinite for no error.
func psnr(meanSquaredError: Double) -> Double {
  meanSquaredError == 0 ? .infinity : 10 * log10(255 * 255 / meanSquaredError)
}

/// The mean squared error, in squared 8-bit steps, behind a PSNR.
func meanSquaredError(psnr: Double) -> Double { 255 * 255 * pow(10, -psnr / 10) }
