#!/bin/bash
# Builds both fuzz targets with libFuzzer and AddressSanitizer and runs each for some seconds.
# Usage: run.sh FOLDER SECONDS
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$1
seconds=$2
mkdir -p "$folder"
flags=(-O -wmo -package-name vdeblur -enforce-exclusivity=checked -parse-as-library -sanitize=fuzzer,address -swift-version 6
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature ExistentialAny)
read -ra include <<<"$(pkg-config --cflags-only-I libavformat | sed 's/-I/-Xcc -I/g')"
swiftc "${flags[@]}" -module-name VideoIO -I Sources/CFFmpeg "${include[@]}" \
  Sources/VideoIO/*/*.swift Tests/Fuzzing/FuzzFile.swift Tests/Fuzzing/FuzzVideo.swift \
  -lavformat -lavcodec -lavutil -o "$folder/fuzz-video"

# The kernels are watched too, on every instruction set of this processor.
kernels=()
for source in Sources/CKernels/*.c; do
  kernels+=("$folder/$(basename "$source" .c).o")
  clang -c -O1 -g -fsanitize=address,fuzzer-no-link -ISources/CKernels/include "$source" -o "${kernels[-1]}"
done
mkdir -p "$folder/modules"
echo "module CKernels { header \"$PWD/Sources/CKernels/include/CKernels.h\" export * }" >"$folder/modules/module.modulemap"
read -ra include <<<"$(pkg-config --cflags-only-I openblas | sed 's/-I/-Xcc -I/g')"
mapfile -t sources < <(find Sources/Deblur -name '*.swift')
swiftc "${flags[@]}" -module-name TestSupport -c Tests/TestSupport/ScratchFolder.swift \
  -emit-module -emit-module-path "$folder/modules/TestSupport.swiftmodule" -o "$folder/TestSupport.o"
swiftc "${flags[@]}" -module-name Deblur -suppress-warnings -I "$folder/modules" -I Sources/COpenBLAS "${include[@]}" "${sources[@]}" \
  Tests/DeblurTests/{SafetensorsBuilder,InventedModel}.swift Tests/Fuzzing/FuzzFile.swift Tests/Fuzzing/FuzzWeights.swift \
  "$folder/TestSupport.o" "${kernels[@]}" -lopenblas -o "$folder/fuzz-weights"

Tests/Fuzzing/seeds.sh "$folder/seeds-video" "$folder/seeds-weights"
# FFmpeg keeps tables for the life of the process: leaks are sought by the memory tests instead.
for target in video weights; do
  mkdir -p "$folder/corpus-$target"
  "$folder/fuzz-$target" -max_total_time="$seconds" -max_len=65536 -timeout=60 -rss_limit_mb=2048 -detect_leaks=0 -print_final_stats=1 \
    -artifact_prefix="$folder/$target-" "$folder/corpus-$target" "$folder/seeds-$target" 2>&1 |
    grep -E "stat::number_of_executed_units|stat::peak_rss_mb|ERROR|SUMMARY|Test unit written" | sed "s/^/$target: /"
done
