/// Options of ffmpeg that ask for something this program does not do, each with what it does instead.
enum ForeignOption {
  /// By spelling; a stream specifier (`-b:v:0`) is left off before.
  private static let answers: [String: String] = [
    "vf": filters, "filter": filters, "filter_complex": filters, "lavfi": filters, "af": sound,
    "an": streams, "sn": streams, "dn": streams, "map": streams,
    "vn": "the picture is what this program works on: for the sound alone, ffmpeg -i INPUT -vn -c copy SOUND",
    "b": rate, "maxrate": rate, "minrate": rate, "bufsize": rate, "q:v": rate, "qscale": rate,
    "hwaccel": "it runs on the CPU alone, with all cores (--threads N for fewer)",
    "hwaccel_device": "it runs on the CPU alone, with all cores (--threads N for fewer)",
    "c:a": sound, "acodec": sound, "ac": sound, "ar": sound, "ab": sound,
    "c": "name the encoder of the picture with -c:v; all else is copied",
    "c:s": streams, "scodec": streams, "codec": "name the encoder of the picture with -c:v; all else is copied",
    "vcodec": "name the encoder with -c:v", "vsync": times, "fps_mode": times, "r": times,
    "s": filters, "aspect": "the shape of the pixels stays the source's",
    "pix_fmt": "the pixel format stays the source's; 'vdeblur info INPUT' names it",
    "metadata": "tags stay the source's: change them afterwards with ffmpeg -i OUT -c copy -metadata KEY=VALUE NEW",
    "movflags": named, "tune": named, "profile": named, "level": named, "g": named, "bf": named, "x264-params": named,
    "x265-params": named, "pass": "the encoder works in one pass, at constant quality: --crf NUMBER",
    "stats": "progress is shown anyway; -q hides it",
    "re": "the work takes as long as it takes: the clip is never waited for",
  ]

  private static let filters =
    "the picture is deblurred and nothing else: filter before or after with ffmpeg -i INPUT -vf ... OUTPUT"
  private static let streams =
    "every stream is kept: leave some out afterwards with ffmpeg -i OUT -map 0 -c copy, and -an or -sn"
  private static let rate = "the size follows from the quality: --crf NUMBER, lower is better"
  private static let sound = "sound is copied as it is: change it afterwards with ffmpeg -i OUT -c:v copy -c:a ... NEW"
  private static let times = "every frame keeps its own time"
  private static let named = "options of the encoder and the container are given as -e KEY=VALUE"

  /// - Throws: `Failure` that answers the first such option.
  static func check(_ arguments: [String]) throws {
    for word in arguments.prefix(while: { $0 != "--" })
    where word.hasPrefix("-") && !word.hasPrefix("--") && word.count > 1 {
      if word == "-c:v" { continue }
      let fields = word.dropFirst().split(separator: ":")
      let names = [fields.prefix(2).joined(separator: ":"), fields.first.map(String.init) ?? ""]
      guard let answer = names.lazy.compactMap({ answers[$0] }).first else { continue }
      throw Failure.usage("\(word) is ffmpeg's: \(answer)")
    }
  }

  /// A file is named by its path; what a scheme names lies elsewhere.
  static func check(input path: String) throws {
    guard let scheme = path.firstMatch(of: /^([a-z][a-z0-9+.-]+):\/\//) else { return }
    let name = String(scheme.1)
    if name == "file" { throw Failure.usage("'\(path)': name the file by its path, without file://") }
    throw Failure.usage(
      "'\(path)' is not on this machine: fetch it first, or pipe it in: curl -L ADDRESS | vdeblur - -o out.mp4")
  }
}
