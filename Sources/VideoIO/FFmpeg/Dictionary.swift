internal import CFFmpeg

/// Options by name (AVDictionary): given to a function of FFmpeg's, which leaves in it what it did not know.
struct OptionDictionary: ~Copyable {
  /// What FFmpeg's functions take and replace.
  var pointer: OpaquePointer?

  deinit {
    var pointer = pointer
    av_dict_free(&pointer)
  }

  /// What is in it.
  var entries: [String: String] { dictionary(pointer) }

  func contains(_ key: String) -> Bool { av_dict_get(pointer, key, nil, 0) != nil }

  mutating func set(_ key: String, _ value: String) { av_dict_set(&pointer, key, value, 0) }

  mutating func set(_ key: String, _ value: Int64) { av_dict_set_int(&pointer, key, value, 0) }

  /// Adds to the end of a value that is there already.
  mutating func append(_ key: String, _ value: String) { av_dict_set(&pointer, key, value, Int32(AV_DICT_APPEND)) }
}

/// The same options for each of several streams (an array of AVDictionary).
struct OptionDictionaries: ~Copyable {
  /// One for each stream, and one where there is none.
  var pointers: [OpaquePointer?]

  init(count: Int, _ key: String, _ value: Int64) {
    pointers = Array(repeating: nil, count: max(count, 1))
    for i in 0..<count { av_dict_set_int(&pointers[i], key, value, 0) }
  }

  deinit {
    var pointers = pointers
    for i in pointers.indices { av_dict_free(&pointers[i]) }
  }
}

/// The entries of an AVDictionary. Tags are bytes like file names: what is no UTF-8 stays what it is.
func dictionary(_ c: OpaquePointer?) -> [String: String] {
  var result: [String: String] = [:]
  var entry = av_dict_get(c, "", nil, AV_DICT_IGNORE_SUFFIX)
  while let e = entry {
    result[String(fileName: e.pointee.key)] = String(fileName: e.pointee.value)
    entry = av_dict_get(c, "", e, AV_DICT_IGNORE_SUFFIX)
  }
  return result
}
