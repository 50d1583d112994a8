import Glibc

/// libFuzzer's entry: arbitrary bytes as a safetensors file, every tensor read. Compiled together with the loader's sources.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWeights(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  do throws(WeightsError) {
    let file = try Safetensors(path: fuzzFile(holding: data, count))
    for (key, entry) in file.entries { _ = try file.floats(key, entry) }
  } catch {
    precondition(!error.description.isEmpty)
  }
  return 0
}
