/// Clips for what a picture is made of: depth, subsampling, alpha, range, colour, shape, side data.
let formatClips: [FidelityClip] = [
  FidelityClip("4:2:2", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.4) $x264 -pix_fmt yuv422p $OUT"),
  FidelityClip("4:4:4", "c.mp4", to: ["mp4", "mkv", "ts"], "ff $(v 96x64 25 0.4) $x264 -pix_fmt yuv444p $OUT"),
  FidelityClip("4:0:0", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.4) $x264 -pix_fmt gray $OUT"),
  FidelityClip("4:4:0", "c.mkv", to: ["mkv", "webm"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt yuv440p $OUT"),
  FidelityClip("4:1:1 avi", "c.avi", to: ["avi", "mkv"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt yuv411p $OUT"),
  FidelityClip("4:1:0", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt yuv410p $OUT"),
  FidelityClip("10-bit h264", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.4) $x264 -pix_fmt yuv420p10le $OUT"),
  FidelityClip(
    "10-bit hevc", "c.mp4", to: ["mp4", "mov", "mkv", "ts"], "ff $(v 96x64 25 0.4) $x265 -pix_fmt yuv420p10le $OUT"),
  FidelityClip(
    "10-bit 4:2:2 prores", "c.mov", to: ["mov", "mkv"], "ff $(v 96x64 25 0.4) -c:v prores_ks -profile:v 2 $OUT"),
  FidelityClip("12-bit", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 0.4) $x265 -pix_fmt yuv420p12le $OUT"),
  FidelityClip("12-bit 4:4:4", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt yuv444p12le $OUT"),
  FidelityClip("14-bit", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt yuv422p14le $OUT"),
  FidelityClip(
    "16-bit grey", "c.mkv", to: ["mkv", "mp4"], refused: ["mp4": "16-bit gray16le"],
    "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt gray16le $OUT"),
  FidelityClip("9-bit", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt yuv420p9le $OUT"),
  FidelityClip("RGB", "c.mkv", to: ["mkv", "mp4", "avi"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt bgr0 $OUT"),
  FidelityClip(
    "RGB h264", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.4) -c:v libx264rgb -preset ultrafast -crf 12 $OUT"),
  FidelityClip("10-bit RGB", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt gbrp10le $OUT"),
  FidelityClip("16-bit RGB", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 0.4) -c:v ffv1 -pix_fmt gbrp16le $OUT"),
  FidelityClip(
    "alpha webm", "c.webm", to: ["webm", "mkv"],
    "ff $(v 96x64 25 0.4) -vf format=yuva420p,colorchannelmixer=aa=0.5 -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -crf 20 -b:v 0 -auto-alt-ref 0 -pix_fmt yuva420p -metadata:s:v alpha_mode=1 $OUT"
  ),
  FidelityClip(
    "alpha prores", "c.mov", to: ["mkv", "mov"], refused: ["mov": "12-bit"],
    "ff $(v 96x64 25 0.4) -vf format=yuva444p10le,colorchannelmixer=aa=0.5 -c:v prores_ks -profile:v 4444 $OUT"),
  FidelityClip(
    "alpha qtrle", "c.mov", to: ["mov", "mkv"],
    "ff $(v 96x64 25 0.4) -vf format=argb,colorchannelmixer=aa=0.5 -c:v qtrle $OUT"),
  FidelityClip(
    "alpha to mp4", "c.mov", to: ["mp4"], refused: ["mp4": "alpha"],
    "ff $(v 96x64 25 0.4) -vf format=yuva444p10le -c:v prores_ks -profile:v 4444 $OUT"),
  FidelityClip("palette", "c.avi", to: ["mkv"], "ff $(v 96x64 25 0.4) -c:v zmbv -pix_fmt bgr0 $OUT"),
  FidelityClip("gif", "c.gif", to: ["mkv"], "ff $(v 96x64 10 0.5) $OUT"),
  FidelityClip(
    "full range", "c.mp4", to: ["mp4", "mkv", "ts"],
    "ff $(v 96x64 25 0.4) -vf scale=out_range=full,format=yuvj420p -c:v libx264 -preset ultrafast -crf 12 $OUT"),
  FidelityClip("full range mjpeg", "c.avi", to: ["avi", "mkv"], "ff $(v 96x64 25 0.4) -c:v mjpeg -q:v 2 $OUT"),
  FidelityClip(
    "tagged 709 small", "c.mp4", to: ["mp4", "mkv", "ts"],
    "ff $(v 96x64 25 0.4) $x264 -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv $OUT"),
  FidelityClip(
    "tagged 601", "c.mp4", to: ["mp4", "mkv"],
    "ff $(v 96x64 25 0.4) $x264 -colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m $OUT"),
  FidelityClip("untagged HD", "c.mp4", to: ["mp4", "mkv"], "ff $(v 1280x720 25 0.2) $x264 $OUT"),
  FidelityClip("matrix only", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 0.4) $x264 -colorspace bt470bg $OUT"),
  FidelityClip("range only", "c.ts", to: ["ts", "mp4", "mkv"], "ff $(v 96x64 25 0.4) -c:v mpeg2video -q:v 2 $OUT"),
  FidelityClip(
    "chroma top left", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 0.4) $x264 -chroma_sample_location topleft $OUT"),
  FidelityClip(
    "chroma centre", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.4) $x264 -chroma_sample_location center $OUT"),
  FidelityClip(
    "HDR10", "c.mp4", to: ["mp4", "mkv"],
    "ff $(v 96x64 25 0.4) -c:v libx265 -preset ultrafast -crf 12 -pix_fmt yuv420p10le -colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084 -color_range tv -x265-params 'log-level=none:hdr10=1:repeat-headers=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400' $OUT"
  ),
  FidelityClip(
    "HLG", "c.mp4", to: ["mp4", "mkv"],
    "ff $(v 96x64 25 0.4) $x265 -pix_fmt yuv420p10le -colorspace bt2020nc -color_primaries bt2020 -color_trc arib-std-b67 $OUT"
  ),
  FidelityClip("odd size 4:4:4", "c.mp4", to: ["mp4"], "ff $(v 98x66 25 0.4) \(oddSides) $x264 -pix_fmt yuv444p $OUT"),
  FidelityClip(
    "odd size 4:2:0", "c.mkv", to: ["mkv", "avi"], "ff $(v 98x66 25 0.4) \(oddSides) -c:v ffv1 -pix_fmt yuv420p $OUT"),
  FidelityClip(
    "odd size 4:2:2", "c.mkv", to: ["mkv", "mp4"], "ff $(v 98x66 25 0.4) \(oddSides) -c:v ffv1 -pix_fmt yuv422p $OUT"),
  FidelityClip("odd size vp9", "c.webm", to: ["webm", "mp4", "mkv"], "ff $(v 98x66 25 0.4) \(oddSides) $vp9 $OUT"),
  FidelityClip("16 by 16", "c.mp4", to: ["mp4"], "ff $(v 16x16 25 0.4) $x264 $OUT"),
  FidelityClip("cropped h264", "c.mp4", to: ["mp4", "mkv"], "ff $(v 100x58 25 0.4) $x264 $OUT"),
  FidelityClip("anamorphic", "c.mp4", to: ["mp4", "mkv", "ts"], "ff $(v 96x64 25 0.4) -vf setsar=16/11 $x264 $OUT"),
  FidelityClip(
    "anamorphic container", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 0.4) -aspect 16:9 -c:v ffv1 $OUT"),
  FidelityClip(
    "rotated", "c.mp4", to: ["mp4", "mov", "mkv", "ts"],
    refused: ["mkv": "rotation", "ts": "rotation"],
    "ff $(v 96x64 25 0.4) $x264 a.mp4; \(turned(by: 90))"),
  FidelityClip(
    "upside down", "c.mov", to: ["mov", "mp4"],
    "ff $(v 96x64 25 0.4) $x264 a.mp4; \(turned(by: 180))"),
  FidelityClip(
    "interlaced", "c.mp4", to: ["mp4"], refused: ["mp4": "interlaced"],
    "ff $(v 96x64 50 0.4) -vf interlace -c:v libx264 -preset ultrafast -x264-params tff=1 $OUT"),
  FidelityClip(
    "interlaced mpeg2", "c.ts", to: ["ts"], refused: ["ts": "interlaced"],
    "ff $(v 96x64 50 0.4) -vf interlace -c:v mpeg2video -flags +ilme+ildct $OUT"),
  FidelityClip(
    "vp8", "c.webm", to: ["webm", "mkv"],
    waived: [.colour: "the decoder states BT.601, which VP8 defines and its file does not repeat"],
    "ff $(v 96x64 25 0.4) $(a 0.4) -c:v libvpx -deadline realtime -cpu-used 8 -crf 10 -b:v 1M -c:a libvorbis $OUT"),
  FidelityClip("av1", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 0.4) -c:v libsvtav1 -preset 12 -crf 20 $OUT"),
  FidelityClip("mpeg4 asp", "c.mp4", to: ["mp4"], "ff $(v 96x64 25 0.4) -c:v mpeg4 -q:v 2 -bf 2 $OUT"),
  FidelityClip("y4m", "c.y4m", to: ["y4m", "mkv"], "ff $(v 96x64 25 0.4) -pix_fmt yuv420p $OUT"),
  FidelityClip("y4m 10-bit", "c.y4m", to: ["y4m", "mkv"], "ff $(v 96x64 25 0.4) -pix_fmt yuv420p10le -strict -1 $OUT"),
  FidelityClip("raw nut", "c.nut", to: ["nut", "mkv"], "ff $(v 96x64 25 0.4) -c:v rawvideo -pix_fmt yuyv422 $OUT"),
]

/// The source of the pictures rounds its sides to even numbers.
private let oddSides = "-vf crop=97:65:exact=1"

/// Sets the display matrix; FFmpeg 5.1 knows the tag only, later releases the option only.
private func turned(by degrees: Int) -> String {
  "ff -display_rotation \(degrees) -i a.mp4 -c copy $OUT 2>/dev/null || ff -i a.mp4 -c copy -metadata:s:v rotate=\(degrees) $OUT"
}
