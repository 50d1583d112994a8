#!/usr/bin/env bash
# Makes sure that what a make target needs is there; silent when nothing is missing.
#   requirements.sh build|test|cluster|container|training|lint|deb ...
# Debian packages are installed through apt; a missing Swift toolchain is named with its remedy.
set -euo pipefail

fail() {
  echo "requirements: $1" >&2
  exit 1
}

missing=()

# need PACKAGE COMMAND...: the package is missing when the command fails.
need() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

need_swift() {
  local remedy="install Swift 6.2 or later (https://www.swift.org/install/linux), put its usr/bin on PATH and run make again"
  command -v swift >/dev/null || fail "no Swift toolchain on PATH: $remedy"
  local version
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
  [[ -n $version ]] || fail "'swift --version' failed (run it to see why): $remedy"
  [[ $(printf '%s\n' 6.2 "$version" | sort -V | head -n 1) == 6.2 ]] || fail "Swift $version is too old: $remedy"
}

for purpose in "$@"; do
  case $purpose in
    build)
      need_swift
      need git git --version
      need pkg-config pkg-config --version
      need libavcodec-dev pkg-config --exists libavcodec
      need libavformat-dev pkg-config --exists libavformat
      need libswscale-dev pkg-config --exists libswscale
      need libopenblas-dev pkg-config --exists openblas
      ;;
    test)
      need ffmpeg ffmpeg -version
      ;;
    cluster)
      need slurmctld test -x /usr/sbin/slurmctld
      need slurmd test -x /usr/sbin/slurmd
      need slurm-client test -x /usr/bin/sbatch
      need munge test -x /usr/sbin/munged
      need parallel parallel --version
      need openssh-server test -x /usr/sbin/sshd
      need openssh-client ssh -V
      need rsync rsync --version
      ;;
    container)
      need buildah buildah --version
      need debootstrap test -x /usr/sbin/debootstrap
      ;;
    training)
      need python3-venv python3 -c 'import ensurepip, venv'
      need ffmpeg ffmpeg -version
      ;;
    lint)
      # The formatters themselves are pinned: Tests/Lint/requirements.txt.
      need_swift
      need git git --version
      need python3-venv python3 -c 'import ensurepip, venv'
      ;;
    deb)
      need dpkg-dev dpkg-shlibdeps --version
      need chrpath chrpath --version
      ;;
    *) fail "unknown purpose '$purpose'" ;;
  esac
done

((${#missing[@]})) || exit 0

install="apt-get install --no-install-recommends ${missing[*]}"
command -v apt-get >/dev/null || fail "missing: ${missing[*]} (names of Debian packages); install them, then run make again"
as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || fail "missing: ${missing[*]}; as root: $install"
  as_root=(sudo)
fi
echo "Installing ${missing[*]}"
{ "${as_root[@]}" apt-get update -qq \
  && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive ${install/install/install -y -qq} >/dev/null; } \
  || fail "apt could not install ${missing[*]} (its message is above); as root: $install"
