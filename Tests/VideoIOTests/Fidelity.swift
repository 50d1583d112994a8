import Foundation
import VideoIO
import TestSupport

/// Compares an output with its source, property by property. What its container cannot hold must have been said.
struct Fidelity {
  let input: Probe
  let output: Probe
  private let source: SourceFacts
  private let outputPath: String
  private let plan: OutputPlan
  private let notes: [String]
  private var inputFrames: [Probe.Frame] { source.frames }
  private let outputFrames: [Probe.Frame]

  struct Difference: CustomStringConvertible {
    let check: Check
    let what: String
    var description: String { "\(check.rawValue): \(what)" }
  }

  init(_ source: SourceFacts, _ outputPath: String, _ result: Transcode.Result) throws {
    self.source = source
    self.outputPath = outputPath
    plan = result.plan
    notes = result.notes
    input = source.probe
    output = try Probe(outputPath)
    outputFrames = try Probe.frames(outputPath, stream: output.video?.index ?? 0)
  }

  private var isISO: Bool { output.format.format_name.hasPrefix("mov") }
  private var isMatroska: Bool { output.format.format_name.hasPrefix("matroska") }
  private var isFragmented: Bool { plan.isFragmented }
  private var container: String { plan.container }

  /// Whether one notice of the run contains all these words.
  private func said(_ words: String...) -> Bool { notes.contains { note in words.allSatisfy(note.contains) } }

  func differences() throws -> [Difference] {
    guard let from = input.video, let to = output.video else {
      return [Difference(check: .streams, what: "a video stream is missing")]
    }
    var result: [Difference] = []
    func note(_ check: Check, _ what: String) { result.append(Difference(check: check, what: what)) }
    let tick = max(from.tick, to.tick) * 1.001 + 1e-6
    let inTimes = inputFrames.compactMap { $0.best_effort_timestamp_time.flatMap(Double.init) }
    let outTimes = outputFrames.compactMap { $0.best_effort_timestamp_time.flatMap(Double.init) }

    if inputFrames.count != outputFrames.count {
      note(.times, "\(inputFrames.count) frames became \(outputFrames.count)")
    }
    if let a = inTimes.first, let b = outTimes.first, inTimes.count == outTimes.count {
      let worst = zip(inTimes, outTimes).map { abs(($1 - b) - ($0 - a)) }.max() ?? 0
      if worst > tick { note(.times, "a frame moved by \(worst) s") }
      for (index, message) in soundOffsets(a, b) { note(.offset, "stream \(index) \(message)") }
      if isISO, let end = from.duration.flatMap(Double.init), let now = to.duration.flatMap(Double.init),
        input.format.format_name.hasPrefix("mov")
      {
        if abs(end - now) > tick { note(.end, "the video lasted \(end) s and lasts \(now) s") }
      }
      // Matroska states where the file ends: sound may lie beyond the picture, so only silent clips tell; and of those only the ones whose
      // last picture has a duration at all.
      if input.format.format_name.hasPrefix("matroska"), isISO || isMatroska, input.streams.count == 1,
        input.packets.last?.duration_time != nil,
        let end = input.format.duration.flatMap(Double.init), let now = output.format.duration.flatMap(Double.init),
        abs((now - b) - (end - a)) > 2 * tick
      {
        note(.end, "the file lasted \(end) s and lasts \(now) s")
      }
      if a.magnitude < 1e-9, isISO, b.magnitude > tick { note(.offset, "the first frame moved from 0 to \(b)") }
    }
    try comparePictures(note)
    try compareCopies(note)
    compareLooks(from, to, note)
    compareTags(note)
    return result
  }

  /// Sound against picture, before and after.
  private func soundOffsets(_ videoIn: Double, _ videoOut: Double) -> [(Int, String)] {
    copies.compactMap { from, to in
      guard let a = input.packets(of: from.index).first?.time, let b = output.packets(of: to.index).first?.time else {
        return nil
      }
      let moved = (b - videoOut) - (a - videoIn)
      let tolerance = max(from.tick, to.tick, input.video!.tick, output.video!.tick) * 1.001 + 1e-6
      return abs(moved) > tolerance ? (from.index, "moved by \(moved) s against the picture") : nil
    }
  }

  /// Copied streams and what became of them: the n-th of a kind is the n-th of its kind.
  private var copies: [(Probe.Stream, Probe.Stream)] {
    func copied(_ probe: Probe) -> [String: [Probe.Stream]] {
      let main = probe.video?.index
      return Dictionary(
        grouping: probe.streams.filter {
          $0.index != main && !$0.isCover && ($0.codec_type != "data" || $0.isTimedMetadata)
        }, by: \.codec_type)
    }
    let before = copied(input), after = copied(output)
    return ["audio", "subtitle", "video", "data"].flatMap { kind in zip(before[kind] ?? [], after[kind] ?? []) }
  }

  private func comparePictures(_ note: (Check, String) -> Void) throws {
    let before = source.thumbnails
    let after = try Probe.thumbnails(outputPath, stream: output.video!.index)
    guard before.count == after.count, !before.isEmpty else {
      return note(.order, "\(before.count) pictures became \(after.count)")
    }
    func distance(_ a: [UInt8], _ b: [UInt8]) -> Double {
      zip(a, b).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.count)
    }
    for i in before.indices {
      let own = distance(before[i], after[i])
      let others =
        [i - 1, i + 1].filter(before.indices.contains).map { distance(before[$0], after[i]) }.min() ?? .infinity
      if own > 3 || (own > others && own > 0.5) {
        note(.order, "picture \(i) differs by \(own), its neighbours by \(others)")
        break
      }
    }
    for channel in 0..<3 {
      var sum = 0.0, count = 0.0
      for (a, b) in zip(before, after) {
        for i in stride(from: channel, to: a.count, by: 3) {
          sum += Double(b[i]) - Double(a[i])
          count += 1
        }
      }
      if abs(sum / count) > 0.3 { note(.colour, "channel \(channel) shifted by \(sum / count)") }
    }
  }

  private func compareCopies(_ note: (Check, String) -> Void) throws {
    for (from, to) in copies {
      let before = input.packets(of: from.index), after = output.packets(of: to.index)
      // Headers that a container demands or forbids are put on or taken off; the sound inside is compared below.
      let repackaged =
        ["aac", "h264", "hevc"].contains(from.codec_name ?? "")
        && (input.format.format_name == "mpegts") != (output.format.format_name == "mpegts")
      if before.count != after.count {
        note(.copied, "stream \(from.index): \(before.count) packets became \(after.count)")
      }
      if !repackaged, before.map(\.data_hash) != after.map(\.data_hash) {
        note(.copied, "stream \(from.index): packets differ")
      }
      if let a = before.first?.time, let b = after.first?.time {
        let tolerance = max(from.tick, to.tick) * 1.001 + 1e-6
        let worst = zip(before, after).map { abs((($1.time ?? 0) - b) - (($0.time ?? 0) - a)) }.max() ?? 0
        if worst > tolerance { note(.copied, "stream \(from.index): a packet moved by \(worst) s") }
      }
      if from.codec_type == "audio" {
        let whole = said("stream \(from.index) ", "hidden sound")
        let a = try source.sound(from.index, whole: whole)
        let b = try Probe.sound(outputPath, stream: to.index, whole: whole)
        // FFmpeg decodes MP2 in MP4 by its MP3 decoder, which rounds otherwise.
        if a != b, !said("for mp3") { note(.sound, "stream \(from.index) decodes to other sound") }
      }
    }
  }

  private func compareLooks(_ from: Probe.Stream, _ to: Probe.Stream, _ note: (Check, String) -> Void) {
    if from.width != to.width || from.height != to.height { note(.shape, "the size changed") }
    let aspects = [from, to].map { s in
      s.sample_aspect_ratio.map { Probe.ratio($0) }.flatMap { $0 == 0 ? nil : $0 } ?? 1
    }
    if abs(aspects[0] - aspects[1]) > 1e-3 * aspects[0] {
      note(.shape, "the sample aspect ratio \(aspects[0]) became \(aspects[1])")
    }
    // Limited range and chroma on the left are what silence means.
    func known(_ value: String?) -> String? {
      ["unknown", "unspecified", "reserved", "tv", "left", nil].contains(value) ? nil : value
    }
    let formats = [from, to].map { Clip.planar(($0.pix_fmt ?? "").replacingOccurrences(of: "yuvj", with: "yuv")) }
    if !formats[0].hasPrefix("gbr") {
      for (name, a, b) in [
        ("matrix", from.color_space, to.color_space), ("transfer", from.color_transfer, to.color_transfer),
        ("primaries", from.color_primaries, to.color_primaries), ("range", from.color_range, to.color_range),
        ("chroma location", from.chroma_location, to.chroma_location),
      ] where known(a) != known(b) {
        note(.colour, "\(name) \(a ?? "-") became \(b ?? "-")")
      }
    }
    let families = formats.map { $0.replacingOccurrences(of: "[0-9]*(le|be)?$", with: "", options: .regularExpression) }
    func depth(_ format: String, _ family: String) -> Int {
      Int(format.dropFirst(family.count).prefix { $0.isNumber }) ?? 8
    }
    if families[0] != families[1] || depth(formats[1], families[1]) < depth(formats[0], families[0]) {
      note(.colour, "\(from.pix_fmt ?? "-") became \(to.pix_fmt ?? "-")")
    }
    let rates = [from, to].map { (Probe.ratio($0.avg_frame_rate), Probe.ratio($0.r_frame_rate)) }
    if rates[0].0 > 0, rates[0].0 == rates[0].1, inputFrames.count > 2, abs(rates[1].0 / rates[0].0 - 1) > 0.002 {
      note(.rate, "\(rates[0].0) frames/s became \(rates[1].0)")
    }
    let ignored = ["CPB properties", "DOVI configuration record"]
    for item in from.side_data_list ?? [] where !ignored.contains(item.side_data_type) {
      let same = (to.side_data_list ?? []).contains {
        $0.side_data_type == item.side_data_type && $0.rotation == item.rotation && $0.max_content == item.max_content
          && $0.projection == item.projection && $0.type == item.type
      }
      if !same, !said("loses the", String(item.side_data_type.prefix(6)).lowercased()) {
        note(.sideData, "\(item.side_data_type) is lost or changed")
      }
    }
    let frameData = [inputFrames, outputFrames].map { Set(($0.first?.side_data_list ?? []).map(\.side_data_type)) }
    for kind in ["Mastering display metadata", "Content light level metadata"]
    where frameData[0].contains(kind) && !frameData[1].contains(kind) {
      note(.sideData, "\(kind) is missing in the bitstream")
    }
  }

  private func compareTags(_ note: (Check, String) -> Void) {
    func lower(_ tags: [String: String]?) -> [String: String] {
      Dictionary((tags ?? [:]).map { ($0.key.lowercased(), $0.value) }) { a, _ in a }
    }
    let after = lower(output.format.tags)
    let stale: Set<String> = ["major_brand", "minor_version", "compatible_brands", "encoder", "duration"]
    for (key, value) in lower(input.format.tags)
    where !stale.contains(key) && after[key] != value && !said("loses the tag", key) {
      note(.tags, "\(key)=\(value) became \(after[key] ?? "-")")
    }
    if input.chapters.count != output.chapters.count, !said("loses the", "chapter") {
      note(.chapters, "\(input.chapters.count) chapters became \(output.chapters.count)")
    }
    let moved = (outputFrames.first?.time ?? 0) - (inputFrames.first?.time ?? 0)
    for (a, b) in zip(input.chapters, output.chapters) {
      let ends = [(a.start_time, b.start_time), (a.end_time, b.end_time)].map {
        abs((Double($1) ?? 0) - (Double($0) ?? 0) - moved)
      }
      if a.tags?["title"] != b.tags?["title"] || (ends.max()! > 0.0021 && !said("gaps between chapters")) {
        note(.chapters, "\(a) became \(b)")
      }
    }
    if input.programs.count > 1, input.programs != output.programs, !said("loses the program") {
      note(.streams, "programs \(input.programs) became \(output.programs)")
    }
    let kinds = [input, output].map { probe in
      probe.streams.filter { $0.codec_type != "data" || $0.isTimedMetadata }.map {
        $0.isCover ? "cover" : $0.codec_type
      }
    }
    if kinds[0] != kinds[1] { note(.streams, "\(kinds[0]) became \(kinds[1])") }
    for (a, b) in [(input.video!, output.video!)] + copies {
      func language(_ s: Probe.Stream) -> String { lower(s.tags)["language"] ?? "und" }
      let isTwin = [language(a), language(b)] == ["deu", "ger"] && container == "mov"
      if language(a) != language(b), !isTwin, !said("loses the language", "stream \(a.index) ") {
        note(.streams, "stream \(a.index): language \(language(a)) became \(language(b))")
      }
      // A stream without peers is the default one anyway, and in MP4 a track that is played at all counts as such.
      let isAlone = input.streams.filter { $0.codec_type == a.codec_type && !$0.isCover }.count == 1
      func set(_ s: Probe.Stream) -> Set<String> {
        Set((s.disposition ?? [:]).filter { $0.value == 1 && !((isISO || isAlone) && $0.key == "default") }.keys)
      }
      if set(a) != set(b), !said("loses the disposition", "stream \(a.index) ") {
        note(.streams, "stream \(a.index): dispositions \(set(a).sorted()) became \(set(b).sorted())")
      }
      if let title = lower(a.tags)["title"], lower(b.tags)["title"] != title,
        !said("loses the tag", "title of stream \(a.index) ")
      {
        note(.streams, "stream \(a.index): title \(title) is lost")
      }
    }
  }
}

extension Clip {
  /// The planar form of a pixel format that is stored in another arrangement.
  static func planar(_ format: String) -> String {
    let same = [
      "nv12": "yuv420p", "yuyv422": "yuv422p", "uyvy422": "yuv422p", "rgb24": "gbrp", "bgr24": "gbrp", "bgr0": "gbrp",
      "rgba": "gbrap",
      "bgra": "gbrap", "argb": "gbrap", "0rgb": "gbrp", "pal8": "gbrap", "rgb48le": "gbrp16le", "rgba64le": "gbrap16le",
      "rgba64be": "gbrap16le", "rgb48be": "gbrp16le", "ya8": "yuva444p", "p010le": "yuv420p10le", "rgb0": "gbrp",
    ]
    return same[format] ?? format
  }
}
