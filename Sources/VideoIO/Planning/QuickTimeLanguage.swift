/// Languages as MOV files know them: by a number of Apple's, for which FFmpeg has one name each.
enum QuickTimeLanguage {
  /// FFmpeg's name of a language in MOV; nil when it has none.
  /// - Parameter language: ISO 639-2, by either of its two codes ("deu" or "ger").
  static func code(for language: String) -> String? {
    let twin = twins[language]
    return known.contains(language) ? language : twin.flatMap { known.contains($0) ? $0 : nil }
  }

  private static let known = Set(
    """
    eng fra ger ita dut spa dan por nor heb jpn ara fin gre ice mlt tur chi urd hin tha kor lit pol hun est lav rus per alb ron ces slk slv \
    yid mac bul ukr bel uzb kaz aze arm geo mol kir tgk tuk mon pus kur kas snd tib nep san mar ben asm guj ori mal kan tam tel bur khm lao \
    vie ind tgl may amh tir orm som swa run mlg epo wel baq cat lat que grn aym tat uig dzo jav
    """.split(separator: " ").map(String.init))

  /// The other code of the languages that have two (ISO 639-2/B and /T).
  private static let twins = [
    "deu": "ger", "fre": "fra", "nld": "dut", "cze": "ces", "ell": "gre", "zho": "chi", "slo": "slk", "rum": "ron",
    "msa": "may", "isl": "ice",
    "cym": "wel", "eus": "baq", "kat": "geo", "hye": "arm", "mkd": "mac", "fas": "per", "sqi": "alb", "mya": "bur",
    "bod": "tib",
  ]
}
