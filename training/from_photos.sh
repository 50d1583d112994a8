#!/bin/sh
# From a folder of sharp photographs to weights: sh training/from_photos.sh [--quick] PICTURES RUN [CONFIG] [SCHEDULE]
# Run it from the repository's root. Stop it when you like (Ctrl-C); the same command goes on where it was stopped.
set -eu
sequences=2500 schedule=fast-5 frames=1
hours="about 6 hours of one core, twice as long on a busy machine"
if [ "${1:-}" = --quick ]; then
  shift
  sequences=400 schedule=quick frames=4
  hours="about half an hour, for some +1.3 dB instead of all that the shipped weights gain"
fi
[ $# -ge 2 ] || { echo "usage: sh training/from_photos.sh [--quick] PICTURES RUN [CONFIG] [SCHEDULE]" >&2; exit 2; }
pictures=$1 run=$2 config=${3:-fast}
flow=Sources/Deblur/Resources/fast.safetensors
case $config in
  # Optical flow is the same whatever is in the pictures: that of the shipped weights is taken over and the restoration learns.
  fast | paper) start="--start $flow --fresh restoration" ;;
  # Another flow network: both from nothing, which takes its time, --quick or not.
  *) start= schedule=fast-cpu hours="about 6 hours of one core, twice as long on a busy machine" ;;
esac
schedule=${4:-$schedule}

# Without these every step's buffers are given back to the kernel and faulted in again.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=34359738368 MALLOC_TOP_PAD_=268435456

mkdir -p "$run"
free=$(df -Pk "$run" | awk 'NR == 2 { print int($4 / 1048576) }')
needed=$((sequences * 45 / 10000 + 1))
echo "Schedule $schedule: $hours (docs/training.md), $needed GB in $run ($free GB are free there). Ctrl-C stops it; the same command goes on."
[ -e "$run/sequences" ] || [ "$free" -gt "$needed" ] || { echo "from_photos: not enough room in $run" >&2; exit 1; }

echo "1 of 4: $sequences short films of your pictures (0.4 s of one core each)"
python -m training.data.cache --stills "$pictures" --out "$run/sequences" --count $sequences --recipe real
echo "2 of 4: clips of the pictures that are held out, to measure with"
# Too few pictures to hold any out: train without validation.
set -- --validation "$run/validation"
python -m training.data.validation --stills "$pictures" --out "$run/validation" || set --
echo "3 of 4: training; a line every 25 steps with the time that is left"
python -m training.train --config "$config" --schedule "$schedule" --data "$run/sequences" --out "$run" $start "$@"
python -m training.export --run "$run" --out "$run/$config.safetensors"
if [ $# -gt 0 ]; then
  echo "4 of 4: what the weights gain"
  python -m training.evaluate --weights "$run/$config.safetensors" "$@" --frames $frames --json "$run/evaluation.json"
  python -m training.export --run "$run" --out "$run/$config.safetensors" --quality "$run/evaluation.json"
fi
echo "Use them: vdeblur in.mp4 -o out.mp4 --model $run/$config.safetensors"
