#!/usr/bin/env bash
# Deblurs the harbour sample with the given program and model and says what it gained. Everything it writes is under demo/.
#   demo.sh PROGRAM [MODEL]
set -euo pipefail

program=$1 model=${2:-fast}
cd "$(dirname "$0")/.."
mkdir -p demo

# psnr CLIP: mean over the frames, against the sharp original
psnr() {
  "$program" compare samples/harbour-sharp.mp4 "$1" --json --quiet | sed -nE 's/.*"meanPSNR" *: *([0-9.]+).*/\1/p'
}

echo "Deblurring samples/harbour.mp4 with $model"
"$program" samples/harbour.mp4 --model "$model" -o demo/harbour.mp4 -y
"$program" preview samples/harbour.mp4 --model "$model" --frame 2.2 -o demo/before-after.png -y
before=$(psnr samples/harbour.mp4)
after=$(psnr demo/harbour.mp4)

awk -v before="$before" -v after="$after" 'BEGIN {
  printf "PSNR against the sharp original: %.2f dB blurred, %.2f dB deblurred, gain %+.2f dB\n", before, after, after - before
}'
echo "Before and after:  $PWD/demo/before-after.png"
echo "The whole clip:    $PWD/demo/harbour.mp4"
