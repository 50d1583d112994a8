#!/usr/bin/env bash
# Builds packaging/Containerfile and runs the image on a sample, with buildah: no daemon, no registry.
#
# The two images that it begins from are made here of Debian's packages. The stand-in for Swift's has the packages of the real one
# (github.com/swiftlang/swift-docker, 6.2/debian/12) and no others, so that what the Containerfile forgets is missing here too; the toolchain is
# this machine's.
set -euo pipefail
cd "$(dirname "$0")/../.."
skip() {
  echo "container test skipped: $1"
  exit 0
}

# Mounts live and die with a namespace of their own, and what is deleted at the end lies on one file system.
if [[ ${1-} != inside ]]; then
  [[ $EUID == 0 ]] || skip "it makes images of Debian's packages, which takes root"
  unshare --mount true 2>/dev/null || skip "this system lets nobody mount a folder of its own"
  packaging/requirements.sh build container || skip "buildah or debootstrap cannot be installed here (above)"
  folder=$(mktemp -d /var/tmp/vdeblur-container-XXXXXX)
  trap 'rm -rf --one-file-system "$folder"' EXIT
  # Each layer is a whole copy: the plainest storage of all, which works on every file system.
  free=$(df --output=avail -B 1M "$folder" | tail -n 1)
  ((free > 12000)) || skip "it takes 12 GB in /var/tmp for some minutes; $free MB are free"
  unshare --mount --propagation private --fork --kill-child "$0" inside "$folder"
  exit
fi

folder=$2
fail() {
  echo "container test failed: $1" >&2
  exit 1
}
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot TMPDIR=$folder
images() { buildah --root "$folder/storage" --runroot "$folder/run" "$@"; }

mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 -v security)
for name in debian swift; do
  echo "Making the image to begin from: $name"
  packages=ca-certificates
  if [[ $name == swift ]]; then
    packages+=,binutils,libicu-dev,libcurl4-openssl-dev,libedit-dev,libsqlite3-dev,libncurses-dev,libpython3-dev,libxml2-dev
    packages+=,pkg-config,uuid-dev,tzdata,git,gcc,libstdc++-12-dev
  fi
  debootstrap --variant=minbase --include="$packages" bookworm "$folder/root" "$mirror" >"$folder/debootstrap.log" 2>&1 \
    || { tail -n 5 "$folder/debootstrap.log"; skip "Debian's packages cannot be fetched from $mirror"; }
  image=$(images from scratch)
  images add --quiet "$image" "$folder/root" / >/dev/null
  if [[ $name == swift ]]; then
    toolchain=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")
    printf '[url "/packages/"]\n\tinsteadOf = https://github.com/\n' >"$folder/gitconfig"
    images add --quiet "$image" "$folder/gitconfig" /etc/gitconfig >/dev/null
    images config --env PATH="/toolchain/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "$image"
  fi
  tag=$(sed -nE "s/^FROM ([^ ]*\/$name:[^ ]*).*/\1/p" packaging/Containerfile)
  images commit --quiet --rm "$image" "$tag" >/dev/null
  rm -rf --one-file-system "$folder/root"
done

# Swift packages come the way that this machine's git takes, whatever mirror that is.
for address in $(sed -nE 's/.*\.package\(url: "([^"]+)".*/\1/p' Package.swift); do
  git clone --quiet --mirror "$address" "$folder/packages/${address#https://*/}" || skip "$address cannot be fetched"
done

echo "Building packaging/Containerfile"
images build --pull-never --layers=false --volume "$toolchain:/toolchain:ro" --volume "$folder/packages:/packages:ro" -f packaging/Containerfile -t vdeblur . \
  >"$folder/build.log" 2>&1 || { tail -n 20 "$folder/build.log"; fail "it cannot be built"; }

# buildah runs commands as they are; podman and docker put the entry point before the arguments.
[[ $(images inspect --format '{{.OCIv1.Config.Entrypoint}}' vdeblur) == "[vdeblur]" ]] || fail "its entry point is not vdeblur"
mkdir "$folder/clips"
cp samples/harbour.mp4 "$folder/clips/in.mp4"
container=$(images from vdeblur)
in_image() { images run --volume "$folder/clips:/clips" "$container" -- "$@"; }
in_image vdeblur version
in_image vdeblur in.mp4 -o out.mp4 --verify -q || fail "a sample is not deblurred"
[[ -s $folder/clips/out.mp4 ]] || fail "there is no result in the folder that was lent"
in_image sh -c '! command -v swift && ! command -v gcc' || fail "the image holds what only building needs"
echo "container test passed: $(du -sm "$(images mount "$container")" | cut -f 1) MB in the image"
