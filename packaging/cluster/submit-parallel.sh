#!/usr/bin/env bash
# Makes on several computers without a shared folder, through GNU parallel and ssh, what is missing of a plan, then joins here. The same line again
# goes on where it was stopped.
#
#   vdeblur plan in.mp4 -o out.mp4 --work FOLDER
#   submit-parallel.sh FOLDER in.mp4 HOSTS
#
# HOSTS is a file of lines like `1/user@computer`: one part at a time there. Each host needs vdeblur on its PATH, and rsync. The input goes to
# each host once, into VDEBLUR_SCRATCH (/var/tmp/vdeblur), and is removed at the end.
set -euo pipefail
work=$(realpath "$1") input=$(realpath "$2") hosts=$(realpath "$3")
cd "$work"
# Under a plain name inside the folder; without another copy where both lie on one disk.
[[ -e source ]] || ln "$input" source 2>/dev/null || cp --reflink=auto "$input" source
scratch=${VDEBLUR_SCRATCH:-/var/tmp/vdeblur}/$(sha256sum plan.json | head -c 12)
vdeblur status . --missing --lines |
  parallel --will-cite --sshloginfile "$hosts" --retries 4 --workdir "$scratch" --cleanup \
    --basefile plan.json --basefile source --return parts/{} "vdeblur part . {} -i source -q"
vdeblur join .
rm source
