#!/usr/bin/env bash
# The scripts of packaging/cluster on clusters that lie on this one machine: run.sh PROGRAM
# A clip is made in one run, then by two Slurm nodes and by two computers without a shared folder, each time with a part killed at work: the three
# files must be the same.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
skip() {
  echo "cluster tests skipped: $1"
  exit 0
}

[[ $EUID == 0 ]] || skip "they start daemons of their own, which takes root"
unshare --mount true 2>/dev/null || skip "this system lets nobody mount a folder of its own"
packaging/requirements.sh test cluster || skip "Slurm, GNU parallel or sshd cannot be installed here (above)"

folder=$(mktemp -d "${TMPDIR:-/tmp}/vdeblur-cluster-XXXXXX")
stop() {
  Tests/Cluster/slurm.sh stop "$folder/slurm" || true
  Tests/Cluster/ssh.sh stop "$folder/ssh" || true
  sleep 0.5
  rm -rf "$folder"
}
trap stop EXIT
fail() {
  echo "cluster tests failed: $1" >&2
  tail -n 5 "$folder"/*/logs/* 2>/dev/null >&2 || true
  exit 1
}

# A vdeblur on PATH that is killed at its first work on part 2 of each folder.
mkdir "$folder/bin"
cat >"$folder/bin/vdeblur" <<END
#!/usr/bin/env bash
if [[ \$1 == part && \$3 == 00002-* ]] && mkdir "$folder/killed-\$VDEBLUR_TEST" 2>/dev/null; then
  "$program" "\$@" &
  sleep 0.3
  kill -KILL \$!
  wait \$!
  exit 137
fi
exec "$program" "\$@"
END
chmod +x "$folder/bin/vdeblur"
export PATH=$folder/bin:$PATH

ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=duration=2 \
  -c:v libx264 -g 12 -pix_fmt yuv420p -c:a aac "$folder/in.mp4"
vdeblur "$folder/in.mp4" -o "$folder/plain.mp4" -q --part-frames 12

echo "two Slurm nodes"
export VDEBLUR_TEST=slurm
Tests/Cluster/slurm.sh start "$folder/slurm" || skip "Slurm does not start here"
export SLURM_CONF=$folder/slurm/slurm.conf
vdeblur plan "$folder/in.mp4" -o "$folder/slurm.mp4" -q --part-frames 12 --work "$folder/by slurm"
submit() {
  local job
  job=$(packaging/cluster/submit-slurm.sh "$folder/by slurm")
  for _ in $(seq 300); do
    [[ -n $(squeue -h -j "$job" 2>/dev/null) ]] || return 0
    sleep 0.2
  done
  fail "Slurm has not finished: $(squeue)"
}
submit
[[ ! -e $folder/slurm.mp4 && $(vdeblur status "$folder/by slurm" --missing) == 2 ]] || fail "the killed part is not missing"
submit
cmp "$folder/plain.mp4" "$folder/slurm.mp4" || fail "Slurm's file is another"

echo "two computers without a shared folder"
export VDEBLUR_TEST=parallel VDEBLUR_SCRATCH=$folder/scratch
# The environment goes with the daemon, not with the connection.
sed -i "s/\$VDEBLUR_TEST/parallel/" "$folder/bin/vdeblur"
Tests/Cluster/ssh.sh start "$folder/ssh" "$folder/scratch" || skip "sshd does not start here"
vdeblur plan "$folder/in.mp4" -o "$folder/parallel.mp4" -q --part-frames 12 --work "$folder/by-parallel"
packaging/cluster/submit-parallel.sh "$folder/by-parallel" "$folder/in.mp4" "$folder/ssh/hosts"
[[ -d $folder/killed-parallel ]] || fail "no part was killed"
cmp "$folder/plain.mp4" "$folder/parallel.mp4" || fail "the file of GNU parallel is another"
[[ -z $(ls -A "$folder/scratch") ]] || fail "the hosts have worked in a shared folder"
echo "cluster tests passed in $SECONDS s"
