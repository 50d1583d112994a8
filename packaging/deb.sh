#!/usr/bin/env bash
# Builds .build/deb/vdeblur_VERSION_ARCHITECTURE.deb from a built program: deb.sh PROGRAM
set -euo pipefail

program=$1
cd "$(dirname "$0")/.."
# The libraries that it depends on have other names in other releases: the version names the one that it was built on.
release=$(. /etc/os-release; echo "$ID${VERSION_ID:-}" | sed 's/^debian/deb/; s/[^a-z0-9.]//g')
version=$("$program" --version)-1~$release
architecture=$(dpkg --print-architecture)
root=.build/deb/root
package=.build/deb/vdeblur_${version}_${architecture}.deb

rm -rf .build/deb
mkdir -p "$root/DEBIAN" "$root/usr/share/doc/vdeblur"
make install PROGRAM="$program" DESTDIR="$PWD/$root" PREFIX=/usr ZSH_COMPLETIONS=/usr/share/zsh/vendor-completions >/dev/null
maintainer="vdeblur authors <vdeblur@users.noreply.github.com>"
{
  echo "vdeblur, $(sed -n 's/^Copyright/Copyright/p' LICENSE | head -n 1)"
  echo
  cat LICENSE
  echo
  echo "On Debian systems the text of the LGPL 2.1 is in /usr/share/common-licenses/LGPL-2.1."
} >"$root/usr/share/doc/vdeblur/copyright"
gzip -9nc CHANGELOG.md >"$root/usr/share/doc/vdeblur/changelog.gz"
{
  echo "vdeblur ($version) unstable; urgency=medium"
  printf '\n  * See changelog.gz.\n\n'
  echo " -- $maintainer  $(date -R -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}")"
} | gzip -9n >"$root/usr/share/doc/vdeblur/changelog.Debian.gz"

# SwiftPM lets every program look for libraries in its own folder first; those of a package are the system's.
chrpath -d "$root/usr/bin/vdeblur" >/dev/null

# dpkg-shlibdeps reads the package's name from debian/control and turns the program's libraries into packages.
mkdir -p .build/deb/debian
echo "Source: vdeblur" >.build/deb/debian/control
depends=$(cd .build/deb && dpkg-shlibdeps -O root/usr/bin/vdeblur | sed -n 's/^shlibs:Depends=//p')

cat >"$root/DEBIAN/control" <<END
Package: vdeblur
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends
Section: video
Priority: optional
Description: sharpen motion-blurred video
 Reads any video file or pipe that FFmpeg reads, restores each frame from its
 neighbours with a neural network on the CPU, and writes a video whose frame
 times, sound and subtitles are those of the source. The network's weights are
 in the package.
 .
 Built on and for: $(. /etc/os-release; echo "$PRETTY_NAME").
END
# Whatever the umask was; scripts stay executable.
chmod -R u=rwX,go=rX "$root"
dpkg-deb --root-owner-group --build "$root" "$package" >/dev/null
echo "$package"
