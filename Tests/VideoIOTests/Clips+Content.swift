/// Clips for what goes with the picture: sound, subtitles, tags, chapters, covers, attachments, names.
let contentClips: [FidelityClip] = [
  FidelityClip(
    "opus webm", "c.webm", to: ["webm", "mkv"], "ff $(v 96x64 25 1) $(a 1) $vp9 -c:a libopus -b:a 64k $OUT"),
  FidelityClip("opus mp4", "c.mp4", to: ["mp4", "mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a libopus -b:a 64k $OUT"),
  FidelityClip("flac", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a flac $OUT"),
  FidelityClip("vorbis", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a libvorbis $OUT"),
  FidelityClip("ac3", "c.mkv", to: ["mkv", "ts", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a ac3 $OUT"),
  FidelityClip(
    "mp3", "c.mp4", to: ["mp4", "mkv", "avi", "ts"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a libmp3lame $OUT"),
  FidelityClip(
    "pcm mov", "c.mov", to: ["mov", "mkv", "avi"], "ff $(v 96x64 25 1) $(a 1) $x264 -bf 0 -c:a pcm_s16le $OUT"),
  FidelityClip(
    "g711", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a pcm_mulaw -ar 8000 $OUT"),
  FidelityClip("adpcm", "c.mkv", to: ["mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -bf 0 -c:a adpcm_ms $OUT"),
  FidelityClip(
    "amr", "c.mov", to: ["mkv", "mov"],
    "{ printf '#!AMR\\n'; for i in 1 2 3 4 5 6 7 8 9 10; do printf '\\074'; head -c 31 /dev/zero; done; } > a.amr; ff $(v 96x64 25 0.2) -i a.amr -map 0 -map 1 $x264 -bf 0 -c:a copy $OUT"
  ),
  FidelityClip("wma", "c.asf", to: ["mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -bf 0 -c:a wmav2 $OUT"),
  FidelityClip("gsm", "c.avi", to: ["mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -bf 0 -c:a libgsm_ms -ar 8000 $OUT"),
  FidelityClip(
    "pcm to mp4", "c.mkv", to: ["mp4"], refused: ["mp4": "pcm_s16le"],
    "ff $(v 96x64 25 1) $(a 1) $x264 -c:a pcm_s16le $OUT"),
  FidelityClip("aac adts", "c.ts", to: ["ts", "mp4", "mkv"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a aac $OUT"),
  FidelityClip(
    "two sounds", "c.mkv", to: ["mkv", "mp4", "ts"],
    "ff $(v 96x64 25 1) $(a 1) $(a 1) -map 0 -map 1 -map 2 $x264 -c:a aac -metadata:s:a:0 language=ger -metadata:s:a:1 language=jpn -disposition:a:1 default -disposition:a:0 0 $OUT"
  ),
  FidelityClip(
    "two videos", "c.mkv", to: ["mkv", "mp4"],
    "ff $(v 96x64 25 1) $(v 64x48 25 1) $(a 1) -map 0 -map 1 -map 2 $x264 -c:a aac $OUT"),
  FidelityClip(
    "sound first", "c.mkv", to: ["mkv", "mp4"], "ff $(a 1) $(v 96x64 25 1) -map 0 -map 1 $x264 -c:a aac $OUT"),
  FidelityClip(
    "srt in mkv", "c.mkv", to: ["mkv"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s srt -metadata:s:s language=fre -disposition:s forced $OUT"
  ),
  FidelityClip(
    "ass to mp4", "c.mkv", to: ["mp4"], refused: ["mp4": "subtitle"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s ass $OUT"),
  FidelityClip(
    "mov_text", "c.mp4", to: ["mp4", "mov"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s mov_text $OUT"),
  FidelityClip(
    "mov_text to mkv", "c.mp4", to: ["mkv"], refused: ["mkv": "mov_text"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $x264 -c:s mov_text $OUT"),
  FidelityClip(
    "webvtt", "c.webm", to: ["webm", "mkv"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt -map 0 -map 1 $vp9 -c:s webvtt $OUT"),
  FidelityClip(
    "chapters mp4", "c.mp4", to: ["mp4", "mov", "mkv"],
    "\(chapters); ff $(v 96x64 25 2) $(a 2) -i m.txt -map 0 -map 1 -map_chapters 2 -map_metadata 2 $x264 -c:a aac $OUT"),
  FidelityClip(
    "chapters mkv", "c.mkv", to: ["mkv", "mp4"],
    "\(chapters); ff $(v 96x64 25 2) $(a 2) -i m.txt -map 0 -map 1 -map_chapters 2 -map_metadata 2 $x264 -c:a aac $OUT"),
  FidelityClip(
    "tags", "c.mp4", to: ["mp4", "mkv"],
    "ff $(v 96x64 25 0.4) $x264 -metadata title='Größe: 日本 🎬' -metadata artist=Æ -metadata comment='a;b=c\\d' -metadata creation_time=2019-05-06T07:08:09.000000Z -metadata date=2019 $OUT"
  ),
  FidelityClip(
    "free tags", "c.mov", to: ["mov", "mp4", "mkv"],
    "ff $(v 96x64 25 0.4) $x264 -movflags use_metadata_tags -metadata com.apple.quicktime.make=Acme -metadata com.apple.quicktime.location.ISO6709=+48.1+011.5/ -metadata title=T $OUT"
  ),
  FidelityClip(
    "tags mkv", "c.mkv", to: ["mkv", "webm"], refused: ["webm": "aac"],
    "ff $(v 96x64 25 0.4) $(a 1) $x264 -c:a aac -metadata title=Film -metadata FOO=bar -metadata:s:v title=Bild -metadata:s:a title=Ton -metadata:s:a:0 BPS=1 $OUT"
  ),
  FidelityClip(
    "cover mp4", "c.mp4", to: ["mp4", "mkv"],
    "\(cover); ff $(v 96x64 25 0.4) -i cover.png -map 0 -map 1 $x264 -c:v:1 png -disposition:v:1 attached_pic $OUT"),
  FidelityClip(
    "cover first", "c.mkv", to: ["mkv"],
    "\(cover); ff $(v 96x64 25 0.4) $x264 v.mkv; ff -i v.mkv -c copy -attach cover.png -metadata:s:t mimetype=image/png -metadata:s:t filename=cover.png $OUT"
  ),
  FidelityClip(
    "cover to ts", "c.mp4", to: ["ts"], refused: ["ts": "cover"],
    "\(cover); ff $(v 96x64 25 0.4) -i cover.png -map 0 -map 1 $x264 -c:v:1 png -disposition:v:1 attached_pic $OUT"),
  FidelityClip(
    "font attached", "c.mkv", to: ["mkv", "mp4"], refused: ["mp4": "attachment"],
    "echo font > f.ttf; ff $(v 96x64 25 0.4) $x264 v.mkv; ff -i v.mkv -c copy -attach f.ttf -metadata:s:t mimetype=application/x-truetype-font $OUT"
  ),
  FidelityClip(
    "timecode mov", "c.mov", to: ["mov", "mp4", "mkv"], "ff $(v 96x64 25 0.4) $x264 -timecode 01:02:03:04 $OUT"),
  FidelityClip(
    "wrong extension", "c.avi", to: ["mp4", "mkv"], "ff $(v 96x64 25 0.4) $(a 0.4) $x264 -c:a aac -f mp4 $OUT"),
  FidelityClip(
    "awkward name", "%03d concat:a b 'q' .mp4", to: ["mp4"], "ff $(v 96x64 25 0.4) $x264 c.mp4; mv c.mp4 \"$OUT\""),
  FidelityClip("leading dash", "-y.mp4", to: ["mp4"], "ff $(v 96x64 25 0.4) $x264 c.mp4; mv c.mp4 ./\"$OUT\""),
  FidelityClip(
    "spherical", "c.mkv", to: ["mkv", "mp4"], "ff $(v 96x64 25 0.4) $x264 -metadata:s:v stereo_mode=left_right $OUT"),
  // FFmpeg cannot make such a track from nothing: a subtitle track is renamed in place.
  FidelityClip(
    "timed metadata", "c.mp4", to: ["mp4"],
    "\(subtitles); ff $(v 96x64 25 2) -i s.srt $x264 -c:s mov_text t.mp4; LC_ALL=C sed 's/sbtl/meta/g; s/tx3g/gpmd/g' t.mp4 > $OUT"
  ),
  FidelityClip(
    "service name", "c.ts", to: ["ts"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a mp2 -metadata service_name=News $OUT"),
  FidelityClip(
    "truehd", "c.mkv", to: ["mkv", "ts", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a truehd -strict -2 $OUT"),
  FidelityClip(
    "dts", "c.mkv", to: ["mkv", "ts", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a dca -strict -2 -b:a 512k $OUT"),
  FidelityClip("eac3", "c.mp4", to: ["mp4", "mkv", "ts"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a eac3 $OUT"),
  FidelityClip(
    "opus cut by an edit list", "c.mp4", to: ["mp4", "mkv"], waived: [.rate: "the source's rate counts hidden frames"],
    "ff $(v 96x64 25 2) $(a 2) $x264 -c:a libopus w.mp4; ff -ss 0.7 -i w.mp4 -c copy $OUT"),
  FidelityClip("opus ts", "c.ts", to: ["ts", "mkv", "mp4"], "ff $(v 96x64 25 1) $(a 1) $x264 -c:a libopus $OUT"),
  FidelityClip(
    "two programs", "c.ts", to: ["ts", "mkv"],
    "ff $(v 96x64 25 1) $(v 64x48 25 1) $(a 1) $(a 1) -map 0 -map 1 -map 2 -map 3 $x264 -c:a mp2 -program title=One:st=0:st=2 -program title=Two:st=1:st=3 $OUT"
  ),
  FidelityClip(
    "chapters with gaps", "c.mkv", to: ["mkv", "mp4", "nut", "ts", "avi"],
    "\(chapterGaps); ff $(v 96x64 25 2) -i m.txt -map 0 -map_chapters 1 -map_metadata 1 $x264 -bf 0 $OUT"),
  FidelityClip(
    "much to lose", "c.mp4", to: ["mp4", "mov", "ts", "avi", "nut", "mkv"],
    "ff $(v 96x64 25 0.4) $(a 0.4) $(a 0.4) -map 0 -map 1 -map 2 $x264 -bf 0 -c:a libmp3lame -metadata title=T -metadata album=Al -metadata location=+48.1+011.5/ -metadata creation_time=2020-01-02T03:04:05Z -metadata:s:a:0 language=deu -metadata:s:a:1 language=hrv -disposition:a:1 dub -metadata:s:v language=swe $OUT"
  ),
  FidelityClip(
    "everything in mkv", "c.mkv", to: ["mkv"],
    "\(subtitles); \(chapters); echo f > f.ttf; ff $(v 96x64 25 2) $(v 64x48 30 2) $(a 2) $(a 2) -i s.srt -i m.txt -map 0 -map 1 -map 2 -map 3 -map 4 -map 4 -map_chapters 5 -map_metadata 5 $x264 -c:a:0 aac -c:a:1 flac -c:s:0 srt -c:s:1 ass -metadata:s:a:0 language=ger -metadata:s:a:0 title='Ton ä' -metadata:s:a:1 language=jpn -metadata:s:s:0 language=fre -metadata:s:s:1 title=Sub -disposition:a:1 default -disposition:a:0 0 -disposition:s:0 forced -disposition:s:1 hearing_impaired -attach f.ttf -metadata:s:t mimetype=font/ttf $OUT"
  ),
]

private let subtitles =
  "printf '1\\n00:00:00,200 --> 00:00:00,900\\nEins\\n\\n2\\n00:00:01,100 --> 00:00:01,700\\nZwei\\n' > s.srt"
private let chapters =
  "printf ';FFMETADATA1\\ntitle=Ganzes\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=0\\nEND=700\\ntitle=Eins ä\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=700\\nEND=2000\\ntitle=Zwei\\n' > m.txt"
private let cover = "ff -f lavfi -i color=red:s=32x32 -frames:v 1 cover.png"
private let chapterGaps =
  "printf ';FFMETADATA1\\ntitle=Ganzes\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=100\\nEND=700\\ntitle=Eins\\n[CHAPTER]\\nTIMEBASE=1/1000\\nSTART=900\\nEND=1500\\ntitle=Zwei\\n' > m.txt"
