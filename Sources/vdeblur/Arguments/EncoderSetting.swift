import ArgumentParser

/// One `-e KEY=VALUE`, handed to the encoder by name (`av_opt_set`).
struct EncoderSetting: ExpressibleByArgument {
  let key: String
  let value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
    key = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}
