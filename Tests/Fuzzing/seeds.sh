#!/bin/sh
# Small clips of every container and pixel layout, a small safetensors file and the numbers of some networks, from which libFuzzer starts.
# Usage: seeds.sh VIDEO-FOLDER WEIGHTS-FOLDER
set -eu
video=$1
weights=$2
mkdir -p "$video" "$weights"

clip() { # NAME OPTIONS...
  name=$1
  shift
  test -f "$video/$name" || ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=32x32:r=10:d=0.4 "$@" "$video/$name"
}
clip h264.mp4 -c:v libx264 -bf 1 -pix_fmt yuv420p -movflags faststart
clip frag.mp4 -c:v libx264 -pix_fmt yuv420p -movflags frag_keyframe+empty_moov
clip mpeg2.ts -c:v mpeg2video
clip mpeg4.avi -c:v mpeg4
clip ffv1.mkv -c:v ffv1 -pix_fmt yuv422p10le
clip alpha.mkv -c:v ffv1 -pix_fmt gbrap
clip vp9.webm -c:v libvpx-vp9 -deadline realtime -cpu-used 8
clip raw.nut -c:v rawvideo -pix_fmt yuyv422
clip gray.y4m -pix_fmt gray
clip pal8.gif
clip qtrle.mov -c:v qtrle
clip h263.flv -c:v flv

# A header of 8 + 88 bytes that announces one tensor of two floats.
header='{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}   '
{ printf '\130\000\000\000\000\000\000\000'; printf '%s' "$header"; printf '\000\000\200\077\000\000\000\100'; } >"$weights/two.safetensors"

# Bytes that FuzzWeights.swift takes for the numbers of a configuration.
for seed in 1 2 3 4 5 6 7 8; do
  awk -v seed="$seed" 'BEGIN { srand(seed); for (i = 0; i < 96; i++) printf "%c", 33 + int(rand() * 90) }' >"$weights/network-$seed"
done
