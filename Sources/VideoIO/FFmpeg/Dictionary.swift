internal import CFFmpeg

/// The entries of an AVDictionary.
func dictionary(_ c: OpaquePointer?) -> [String: String] {
  var result: [String: String] = [:]
  var entry = av_dict_get(c, "", nil, AV_DICT_IGNORE_SUFFIX)
  while let e = entry {
    result[String(cString: e.pointee.key)] = String(cString: e.pointee.value)
    entry = av_dict_get(c, "", e, AV_DICT_IGNORE_SUFFIX)
  }
  return result
}
