/// Clips for frame times: rates, offsets, reordering, edit lists, few frames.
let timingClips: [FidelityClip] = [
  FidelityClip(
    "plain", "plain.mp4", to: ["mp4", "mkv", "mov", "ts", "nut"],
    "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac -shortest $OUT"),
  FidelityClip("no B-frames", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 1) $x264 -bf 0 $OUT"),
  FidelityClip(
    "deep B pyramid", "c.mp4", to: ["mp4", "mkv", "ts"],
    "ff $(v 96x64 30 2) $(a 2) $x264 -bf 5 -x264-params b-pyramid=normal:b-adapt=0 -c:a aac $OUT"),
  FidelityClip(
    "29.97", "c.mp4", to: ["mp4", "mkv", "mov", "ts"], "ff $(v 96x64 30000/1001 2) $(a 2) $x264 -c:a aac $OUT"),
  FidelityClip("23.976 mkv", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 24000/1001 2) $(a 2) $x264 -c:a aac $OUT"),
  FidelityClip("59.94 ts", "c.ts", to: ["ts", "mp4", "mkv"], "ff $(v 96x64 60000/1001 1) $(a 1) $x264 -c:a aac $OUT"),
  FidelityClip("very slow rate", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 1/2 10) $x264 $OUT"),
  FidelityClip("240 a second", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 240 0.5) $x264 $OUT"),
  FidelityClip(
    "VFR mp4", "c.mp4", to: ["mp4", "mkv", "mov", "nut", "ts"],
    "ff $(v 96x64 30 2) $(a 2) -vf \"select='not(mod(n,3))+not(mod(n,7))'\" -fps_mode vfr -enc_time_base 1/90000 $x264 -c:a aac $OUT"
  ),
  FidelityClip(
    "VFR mkv", "c.mkv", to: ["mkv", "mp4"],
    "ff $(v 96x64 30 2) -vf \"setpts='PTS+mod(N*N,7)/300/TB'\" -fps_mode vfr -enc_time_base 1/90000 $x264 $OUT"),
  FidelityClip(
    "VFR to avi", "c.mp4", to: ["avi"], refused: ["avi": "variable frame rate"],
    "ff $(v 96x64 30 2) -vf \"select='not(mod(n,3))+not(mod(n,7))'\" -fps_mode vfr -enc_time_base 1/90000 $x264 $OUT"),
  FidelityClip(
    "long last frame", "c.mp4", to: ["mp4", "mov"],
    "ff $(v 96x64 10 1) $x264 -bf 0 c.mkv; ff -i c.mkv -c copy -bsf:v \"setts=duration=if(eq(N\\,9)\\,1700\\,DURATION)\" $OUT"
  ),
  FidelityClip(
    "long last frame mkv", "c.mkv", to: ["mkv", "mp4"], waived: [.rate: "in MP4 the mean rate counts the long frame"],
    "ff $(v 96x64 10 1) $x264 -bf 0 a.mkv; ff -i a.mkv -c copy -bsf:v \"setts=duration=if(eq(N\\,9)\\,1700\\,DURATION)\" $OUT"
  ),
  FidelityClip(
    "late video", "c.mp4", to: ["mp4", "mkv", "ts"],
    "ff $(a 2) -itsoffset 0.7 $(v 96x64 25 1) -map 1:v -map 0:a $x264 -c:a aac $OUT"),
  FidelityClip(
    "late sound", "c.mp4", to: ["mp4", "mkv", "ts"], "ff $(v 96x64 25 2) -itsoffset 0.83 $(a 1) $x264 -c:a aac $OUT"),
  FidelityClip(
    "late sound mkv", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 2) -itsoffset 0.83 $(a 1) $x264 -c:a aac $OUT"),
  FidelityClip(
    "both start late", "c.mkv", to: ["mkv", "mp4", "ts"],
    "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac -output_ts_offset 3.3 $OUT"),
  FidelityClip(
    "odd start ts", "c.ts", to: ["ts", "mp4", "mkv"],
    "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac -output_ts_offset 11.117 $OUT"),
  FidelityClip(
    "edit list cut", "c.mp4", to: ["mp4", "mkv"], waived: [.rate: "the source's rate counts hidden frames"],
    "ff $(v 96x64 25 2) $(a 2) $x264 -g 50 -c:a aac whole.mp4; ff -ss 0.5 -i whole.mp4 -c copy $OUT"),
  FidelityClip(
    "edit list mov", "c.mov", to: ["mov", "mp4", "mkv"], refused: ["mp4": "pcm_s16le"],
    waived: [.rate: "the source's rate counts hidden frames"],
    "ff $(v 96x64 25 2) $(a 2) $x264 -g 50 -c:a pcm_s16le whole.mov; ff -ss 0.52 -i whole.mov -c copy $OUT"),
  FidelityClip(
    "negative times nut", "c.nut", to: ["nut"],
    "ff $(v 96x64 25 1) $(a 1) $x264 -bf 3 -c:a pcm_s16le -avoid_negative_ts disabled $OUT"),
  FidelityClip("one frame", "c.mp4", to: ["mp4", "mkv", "ts"], "ff $(v 96x64 25 1) $x264 -frames:v 1 $OUT"),
  FidelityClip("two frames", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 1) $x264 -frames:v 2 $OUT"),
  FidelityClip("three frames", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 1) $x264 -frames:v 3 $OUT"),
  FidelityClip(
    "one frame with sound", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -frames:v 1 -c:a aac $OUT"),
  FidelityClip(
    "picture outlasts sound", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 2) $(a 0.5) $x264 -c:a aac $OUT"),
  FidelityClip(
    "sound outlasts picture", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.5) $(a 2) $x264 -c:a aac $OUT"),
  FidelityClip(
    "odd time base", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 1) $x264 -video_track_timescale 12345 $OUT"),
  FidelityClip(
    "fine time base mov", "c.mov", to: ["mov", "mp4"],
    "ff $(v 96x64 30000/1001 1) $x264 -video_track_timescale 600000 $OUT"),
  FidelityClip(
    "fragmented mp4", "c.mp4", to: ["mp4", "fmp4", "mkv"],
    "ff $(v 96x64 25 2) $(a 2) $x264 -c:a aac -movflags frag_keyframe+empty_moov $OUT"),
  FidelityClip(
    "index first mp4", "c.mp4", to: ["mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac -movflags faststart $OUT"),
  FidelityClip(
    "open GOP", "c.ts", to: ["ts", "mp4"], "ff $(v 96x64 25 2) $x264 -x264-params open-gop=1:keyint=10 $OUT"),
  FidelityClip(
    "mpeg2 ts", "c.ts", to: ["ts", "mkv", "mp4"], "ff $(v 96x64 25 1) $(a 1) -c:v mpeg2video -bf 2 -q:v 3 -c:a mp2 $OUT"
  ),
  FidelityClip(
    "mpeg ps", "c.mpg", to: ["mkv", "ts"], "ff $(v 96x64 25 1) $(a 1) -c:v mpeg2video -bf 2 -q:v 3 -c:a mp2 $OUT"),
  FidelityClip(
    "avi mpeg4", "c.avi", to: ["avi", "mkv", "mp4"],
    waived: [.rate: "the source counts an empty chunk at its end as a frame"],
    "ff $(v 96x64 25 1) $(a 1) -c:v mpeg4 -q:v 3 -c:a libmp3lame $OUT"),
  FidelityClip("avi with B-frames", "c.avi", to: ["avi", "mkv"], "ff $(v 96x64 25 1) -c:v mpeg4 -bf 2 -q:v 3 $OUT"),
  FidelityClip(
    "avi mjpeg pcm", "c.avi", to: ["avi", "mkv", "mov"],
    "ff $(v 96x64 25 1) $(a 1) -c:v mjpeg -q:v 3 -pix_fmt yuvj420p -c:a pcm_s16le $OUT"),
  FidelityClip(
    "elementary h264", "c.h264", to: ["mkv", "mp4"],
    waived: [.times: "the stream has no times: FFmpeg's own guess is not monotonous"], "ff $(v 96x64 25 1) $x264 $OUT"),
  FidelityClip("flv", "c.flv", to: ["mkv", "mp4"], "ff $(v 96x64 25 1) $(a 1) -ar 44100 $x264 -c:a aac $OUT"),
  FidelityClip(
    "nut vfr", "c.nut", to: ["nut", "mkv"],
    "ff $(v 96x64 30 2) $(a 2) -vf \"select='not(mod(n,3))+not(mod(n,7))'\" -fps_mode vfr $x264 -c:a libmp3lame $OUT"),
  FidelityClip(
    "starts after hours", "c.mkv", to: ["mkv", "mp4", "ts", "nut"],
    "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac -output_ts_offset 36000.25 $OUT"),
  FidelityClip(
    "clock that wraps", "c.ts", to: ["ts", "mkv", "mp4"],
    "ff $(v 96x64 25 3) $(a 3) $x264 -c:a mp2 -output_ts_offset 95440.7 $OUT"),
  FidelityClip(
    "ten-hour gap", "c.mkv", to: ["mkv", "mp4"], waived: [.rate: "the source states a constant rate all the same"],
    "ff $(v 96x64 25 1) $(a 1) -vf \"setpts=PTS+gte(N\\,12)*36000/TB\" -fps_mode passthrough $x264 -c:a aac $OUT"),
  FidelityClip(
    "slides", "c.mp4", to: ["mp4", "mkv", "mov", "ts"],
    "ff $(v 96x64 1 4) $(a 12) -vf 'setpts=N*N/TB' -fps_mode passthrough -enc_time_base 1/1000 $x264 -bf 0 -c:a aac $OUT"
  ),
  FidelityClip(
    "no edit list", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac -use_editlist 0 $OUT"),
  FidelityClip(
    "both start late, avi", "c.mkv", to: ["avi"],
    "ff $(v 96x64 25 1) $(a 1) $x264 -bf 0 -c:a mp2 -output_ts_offset 3.3 $OUT"),
  FidelityClip(
    "late video to avi", "c.mkv", to: ["avi"], refused: ["avi": "offset"],
    "ff $(a 2) -itsoffset 0.72 $(v 96x64 25 1) -map 1:v -map 0:a $x264 -bf 0 -c:a mp2 $OUT"),
]
