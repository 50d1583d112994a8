#!/bin/sh
# From a folder of sharp photographs to weights: sh training/from_photos.sh PICTURES RUN [CONFIG] [SCHEDULE]
# Run it from the repository's root. A second call goes on where the first one was stopped.
set -eu
[ $# -ge 2 ] || { echo "usage: sh training/from_photos.sh PICTURES RUN [CONFIG] [SCHEDULE]" >&2; exit 2; }
pictures=$1 run=$2 config=${3:-fast} schedule=${4:-fast-cpu}

# Without these every step's buffers are given back to the kernel and faulted in again.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=34359738368 MALLOC_TOP_PAD_=268435456

python -m training.data.cache --stills "$pictures" --out "$run/sequences" --count 1800
python -m training.data.cache --stills "$pictures" --out "$run/sequences" --first 1800 --count 700 --shaky
# Too few pictures to hold any out: train without validation.
set -- --validation "$run/validation"
python -m training.data.validation --stills "$pictures" --out "$run/validation" || set --
python -m training.train --config "$config" --schedule "$schedule" --data "$run/sequences" --out "$run" "$@"
python -m training.export --run "$run" --out "$run/$config.safetensors"
[ $# -eq 0 ] || python -m training.evaluate --weights "$run/$config.safetensors" "$@" --json "$run/evaluation.json"
