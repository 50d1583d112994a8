/// Clips for what goes with the picture: sound, subtitles, tags, chapters, covers, attachments, names.
let contentClips: [Clip] = [
  Clip("opus webm", "c.webm", to: ["webm", "mkv"], "ff $(v 96x64 25 1) $(a 1) $vp9 -c:a libopus -b:a 64k $OUT"),
  Clip("opus mp4", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a libopus -b:a 64k $OUT"),
  Clip("flac", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a flac $OUT"),
  Clip("vorbis", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a libvorbis $OUT"),
  Clip("ac3", "c.mkv", to: ["mkv", "ts", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a ac3 $OUT"),
  Clip("mp3", "c.mp4", to: ["mp4", "mkv", "avi", "ts"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a libmp3lame $OUT"),
  Clip("pcm mov", "c.mov", to: ["mov", "mkv", "avi"], "ff $(v 96x64 25 1) $(a 1) $x264 -bf 0 -c:a pcm_s16le $OUT"),
  Clip("pcm to mp4", "c.mkv", to: ["mp4"], refused: ["mp4": "pcm_s16le"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a pcm_s16le $OUT"),
  Clip("aac adts", "c.ts", to: ["ts", "mp4", "mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac $OUT"),
  Clip(
    "two sounds", "c.mkv", to: ["mkv", "mp4", "ts"],
    "ff $(v 96x64 25 1) $(a 1) $(a 1) -map 0 -map 1 -map 2 $x264 -c:a aac -metadata:s:a:0 language=ger -metadata:s:a:1 language=jpn -disposition:a:1 default -disposition:a:0 0 $OUT"),
  Clip(
    "two videos", "c.mkv", to: ["mkv", "mp4"],
    "ff $(v 96x64 25 1) $(v 64x48 25 1) $(a 1) -map 0 -map 1 -map 2 $x264 -c:a aac $OUT"),
  Clip("sound first", "c.mkv", to: ["mkv", "mp4"], "ff $(a 1) $(v 96x64 25 1) -map 0 -map 1 $x264 -c:a aac $OUT"),
  Clip(
    "srt in mkv", "c.mkv", to: ["mkv"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s srt -metadata:s:s language=fre -disposition:s forced $OUT"),
  Clip("ass to mp4", "c.mkv", to: ["mp4"], refused: ["mp4": "subtitle"], "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s ass $OUT"),
  Clip("mov_text", "c.mp4", to: ["mp4", "mov"], "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s mov_text $OUT"),
  Clip("mov_text to mkv", "c.mp4", to: ["mkv"], refused: ["mkv": "mov_text"], "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s mov_text $OUT"),
  Clip("webvtt", "c.webm", to: ["webm", "mkv"], "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $vp9 -c:s webvtt $OUT"),
  Clip("chapters mp4", "c.mp4", to: ["mp4", "mov", "mkv"], "\(chapters); ff $(v 96x64 25 2) $(a 2) -i m.txt -map 0 -map 1 -map_chapters 2 -map_metadata 2 $x264 -c:a aac $OUT"),
  Clip("chapters mkv", "c.mkv", to: ["mkv", "mp4"], "\(chapters); ff $(v 96x64 25 2) $(a 2) -i m.txt -map 0 -map 1 -map_chapters 2 -map_metadata 2 $x264 -c:a aac $OUT"),
  Clip(
    "tags", "c.mp4", to: ["mp4", "mkv"],
    "ff $(v 96x64 25 0.4) $x264 -metadata title='Größe: 日本 🎬' -metadata artist=Æ -metadata comment='a;b=c\\d' -metadata creation_time=2019-05-06T07:08:09.000000Z -metadata date=2019 $OUT"),
  Clip(
    "free tags", "c.mov", to: ["mov", "mp4", "mkv"],
    "ff $(v 96x64 25 0.4) $x264 -movflags use_metadata_tags -metadata com.apple.quicktime.make=Acme -metadata com.apple.quicktime.location.ISO6709=+48.1+011.5/ -metadata title=T $OUT"),
  Clip(
    "tags mkv", "c.mkv", to: ["mkv", "webm"], refused: ["webm": "aac"],
    "ff $(v 96x64 25 0.4) $(a 1) $x264 -c:a aac -metadata title=Film -metadata FOO=bar -metadata:s:v title=Bild -metadata:s:a title=Ton -metadata:s:a:0 BPS=1 $OUT"),
  Clip("cover mp4", "c.mp4", to: ["mp4", "mkv"], "\(cover); ff $(v 96x64 25 0.4) -i cover.png -map 0 -map 1 $x264 -c:v:1 png -disposition:v:1 attached_pic $OUT"),
  Clip("cover first", "c.mkv", to: ["mkv"], "\(cover); ff $(v 96x64 25 0.4) $x264 v.mkv; ff -i v.mkv -c copy -attach cover.png -metadata:s:t mimetype=image/png -metadata:s:t filename=cover.png $OUT"),
  Clip("cover to ts", "c.mp4", to: ["ts"], refused: ["ts": "cover"], "\(cover); ff $(v 96x64 25 0.4) -i cover.png -map 0 -map 1 $x264 -c:v:1 png -disposition:v:1 attached_pic $OUT"),
  Clip("font attached", "c.mkv", to: ["mkv", "mp4"], refused: ["mp4": "attachment"], "echo font > f.ttf; ff $(v 96x64 25 0.4) $x264 v.mkv; ff -i v.mkv -c copy -attach f.ttf -metadata:s:t mimetype=application/x-truetype-font $OUT"),
  Clip("timecode mov", "c.mov", to: ["mov", "mp4", "mkv"], "ff $(v 96x64 25 0.4) $x264 -timecode 01:02:03:04 $OUT"),
  Clip("wrong extension", "c.avi", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.4) $(a 0.4) $x264 -c:a aac -f mp4 $OUT"),
  Clip("awkward name", "%03d concat:a b 'q' .mp4", to: ["mp4"], "ff $(v 96x64 25 0.4) $x264 c.mp4; mv c.mp4 \"$OUT\""),
  Clip("leading dash", "-y.mp4", to: ["mp4"], "ff $(v 96x64 25 0.4) $x264 c.mp4; mv c.mp4 ./\"$OUT\""),
  Clip("spherical", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 0.4) $x264 -metadata:s:v stereo_mode=left_right $OUT"),
  // FFmpeg cannot make such a track from nothing: a subtitle track is renamed in place.
  Clip(
    "timed metadata", "c.mp4", to: ["mp4"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt $x264 -c:s mov_text t.mp4; LC_ALL=C sed 's/sbtl/meta/g; s/tx3g/gpmd/g' t.mp4 > $OUT"),
  Clip("service name", "c.ts", to: ["ts"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a mp2 -metadata service_name=News $OUT"),
]

private let subtitles = "printf '1\\n00:00:00,200 --> 00:00:00,900\\nEins\\n\\n2\\n00:00:01,100 --> 00:00:01,700\\nZwei\\n' > s.srt"
private let chapters =
  "printf ';FFMETADATA1\\ntitle=Ganzes\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=0\\nEND=700\\ntitle=Eins ä\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=700\\nEND=2000\\ntitle=Zwei\\n' > m.txt"
private let cover = "ff -f lavfi -i color=red:s=32x32 -frames:v 1 cover.png"
