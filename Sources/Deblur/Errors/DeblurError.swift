/// Why a frame or a model could not be used: one clear line with the remedy.
public enum DeblurError: Error, Equatable, CustomStringConvertible {
  /// A frame holds NaN or infinite samples, or has made the network compute some.
  case notFinite
  /// The folder with the weights was not found in any of these places.
  case noResources(searched: [String])
  /// There is no such model in the folder with the weights.
  case noModel(name: String, folder: String, available: [String])
  /// The environment names an instruction set that this build or this processor does not have.
  case noInstructionSet(name: String, available: [String])
  /// The process is limited to fewer addresses than its threads need (`ulimit -v`), in bytes.
  case noAddresses(left: Int, wanted: Int, threads: Int)

  /// The problem as one line, with the remedy.
  public var description: String {
    switch self {
    case .notFinite:
      "the frame holds samples that are not finite numbers"
    case .noResources(let searched):
      "the folder with the weights is missing; looked for \(searched.joined(separator: ", ")); "
        + "put it beside the program or set \(EnvironmentVariable.resources) to it"
    case .noModel(let name, let folder, let available):
      "no model '\(name)' in \(folder); there \(available.count == 1 ? "is" : "are") "
        + (available.isEmpty ? "none" : available.joined(separator: ", "))
    case .noInstructionSet(let name, let available):
      "\(EnvironmentVariable.instructionSet)='\(name)': this machine has no such instruction set; "
        + "set it to one of \(available.joined(separator: ", ")), or to nothing for the best"
    case .noAddresses(let left, let wanted, let threads):
      "the limit of addresses (ulimit -v) leaves \(left >> 20) MiB, but \(threads) thread\(threads == 1 ? "" : "s") of the network "
        + "need \(wanted >> 20) MiB; raise the limit\(threads == 1 ? "" : ", or take fewer threads")"
    }
  }
}
