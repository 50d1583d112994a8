#!/usr/bin/env bash
# Makes on a Slurm cluster what is missing of a plan, then joins. The same line again goes on where it was stopped.
#
#   vdeblur plan in.mp4 -o out.mp4 --work FOLDER        FOLDER and in.mp4 lie where all nodes see them
#   submit-slurm.sh FOLDER [options of sbatch, such as --cpus-per-task=4 --constraint=avx2]
#
# Prints the number of the job that joins.
set -euo pipefail
work=$(realpath "$1")
shift
here=$(dirname "$(realpath "$0")")
mkdir -p "$work/logs"
list=$(mktemp "$work/logs/missing.XXXXXX")
vdeblur status "$work" --missing --lines >"$list"
count=$(wc -l <"$list")
# A cluster takes arrays of limited length.
limit=$(scontrol show config | awk '$1 == "MaxArraySize" { print $3 }')
limit=${limit:-1001}
after=()
for ((first = 1; first <= count; first += limit)); do
  last=$((count - first < limit ? count - first : limit - 1))
  job=$(sbatch --parsable --array="0-$last" --output="$work/logs/part-%A-%a.log" "$@" "$here/part.sbatch" "$work" "$list" "$first")
  after+=("afterok:${job%%;*}")
done
((count == 0)) || after=(--kill-on-invalid-dep=yes --dependency="$(IFS=,; echo "${after[*]}")")
job=$(sbatch --parsable --job-name=vdeblur-join --output="$work/logs/join-%j.log" "${after[@]}" "$@" \
  --wrap="exec vdeblur join $(printf %q "$work")")
echo "${job%%;*}"
