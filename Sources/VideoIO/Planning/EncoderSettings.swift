internal import CFFmpeg

/// Encoder options that make the result visually lossless and keep what the bitstream must say.
enum EncoderSettings {
  static func defaults(
    _ plan: OutputPlan, source: SourceInfo, container: Container, options: WriterOptions
  ) -> [String: String] {
    var result: [String: String] = [:]
    switch plan.encoder {
    case "libx264", "libx264rgb":
      result["crf"] = format(options.crf ?? 16)
      let preset = options.preset ?? "medium"
      result["preset"] = preset
      // What it holds back is coded at the end, when nothing else is left to do: two threads (always, so that the result
      // depends on nothing but the input) and a shorter lookahead, which at this quality costs nothing.
      result["threads"] = "2"
      // Large frames are held back in still smaller number, for memory: 82 MB less at 1920×1080, for 0.01 dB.
      let large = source.video.width * source.video.height > 1280 * 720
      if !shortSighted.contains(preset) { result["rc-lookahead"] = large ? "10" : "20" }
      // One estimate of x264's divides only approximately where the processor offers that: other bits on other machines, and no
      // smaller ones. A constant rate belongs in the bitstream: transport streams have no other place for it.
      let parameters =
        ["cpu-independent=1"] + (source.video.hasConstantFrameRate ? ["force-cfr=1"] : [])
        + (large ? ["sync-lookahead=0"] : [])
      result["x264-params"] = parameters.joined(separator: ":")
      if !container.allowsReordering { result["bf"] = "0" }
    case "libx265":
      result["crf"] = format(options.crf ?? 17)
      result["preset"] = options.preset ?? "medium"
      result["x265-params"] =
        (["log-level=none", "pools=none", "frame-threads=1"] + (container.allowsReordering ? [] : ["bframes=0"])
        + hdr10(source)).joined(separator: ":")
    case "libvpx-vp9":
      result["crf"] = format(options.crf ?? 15)
      result["b"] = "0"
      result["deadline"] = "good"
      result["cpu-used"] = options.preset.map { speeds[$0] ?? $0 } ?? "3"
      if plan.pixelFormat.hasPrefix("yuva") { result["auto-alt-ref"] = "0" }
    case "ffv1":
      result["level"] = "3"
      result["slicecrc"] = "1"
    case "prores_ks": result["profile"] = plan.pixelFormat.contains("444") ? "4444" : "hq"
    default:
      // Other encoders get only what they know; a lossless one needs neither.
      if let crf = options.crf, knows(plan, "crf") { result["crf"] = format(crf) }
      if let preset = options.preset, knows(plan, "preset") { result["preset"] = preset }
    }
    return result
  }

  /// x264's presets that look no more than 20 frames ahead.
  private static let shortSighted: Set = ["ultrafast", "superfast", "veryfast", "faster"]

  /// libvpx numbers its speeds.
  private static let speeds = [
    "ultrafast": "8", "superfast": "7", "veryfast": "6", "faster": "5", "fast": "4", "medium": "3", "slow": "2",
    "slower": "1", "veryslow": "0",
  ]

  /// Mastering display and content light level, which x265 takes as text (SMPTE ST 2086, CTA-861.3).
  private static func hdr10(_ source: SourceInfo) -> [String] {
    var result: [String] = []
    if let display = source.masteringDisplay, display.has_primaries != 0, display.has_luminance != 0 {
      func units(_ r: AVRational, _ scale: Double) -> Int {
        r.den == 0 ? 0 : Int(limiting: Double(r.num) / Double(r.den) * scale)
      }
      func point(_ p: (AVRational, AVRational)) -> String { "(\(units(p.0, 50000)),\(units(p.1, 50000)))" }
      let (red, green, blue) = display.display_primaries
      let white = display.white_point
      result.append(
        "master-display=G\(point(green))B\(point(blue))R\(point(red))WP\(point(white))"
          + "L(\(units(display.max_luminance, 10000)),\(units(display.min_luminance, 10000)))")
    }
    if let light = source.contentLight { result.append("max-cll=\(light.MaxCLL),\(light.MaxFALL)") }
    return result
  }

  /// Whether an encoder of FFmpeg has an option of its own.
  static func knows(_ plan: OutputPlan, _ option: String) -> Bool {
    var options = plan.codecHandle.pointer.pointee.priv_class
    return options != nil
      && withUnsafeMutablePointer(to: &options) { av_opt_find($0, option, nil, 0, AV_OPT_SEARCH_FAKE_OBJ) } != nil
  }

  private static func format(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(limiting: value)) : String(value)
  }
}
