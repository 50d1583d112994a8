#!/usr/bin/env bash
# Builds .build/deb/vdeblur_VERSION_ARCHITECTURE.deb from a built program: deb.sh PROGRAM
set -euo pipefail

program=$1
cd "$(dirname "$0")/.."
version=$("$program" --version)
architecture=$(dpkg --print-architecture)
root=.build/deb/root
package=.build/deb/vdeblur_${version}_${architecture}.deb

rm -rf .build/deb
mkdir -p "$root/DEBIAN" "$root/usr/share/doc/vdeblur"
make install DESTDIR="$PWD/$root" PREFIX=/usr ZSH_COMPLETIONS=/usr/share/zsh/vendor-completions >/dev/null
cp LICENSE "$root/usr/share/doc/vdeblur/copyright"
gzip -9nc CHANGELOG.md >"$root/usr/share/doc/vdeblur/changelog.gz"

# dpkg-shlibdeps reads the package's name from debian/control and turns the program's libraries into packages.
mkdir -p .build/deb/debian
echo "Source: vdeblur" >.build/deb/debian/control
depends=$(cd .build/deb && dpkg-shlibdeps -O root/usr/bin/vdeblur | sed -n 's/^shlibs:Depends=//p')

cat >"$root/DEBIAN/control" <<END
Package: vdeblur
Version: $version
Architecture: $architecture
Maintainer: the vdeblur authors <vdeblur@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends
Section: video
Priority: optional
Description: sharpen motion-blurred video
 Reads any video file or pipe that FFmpeg reads, restores each frame from its
 neighbours with a neural network on the CPU, and writes a video whose frame
 times, sound and subtitles are those of the source. The network's weights are
 in the package.
END
find "$root" -type d -exec chmod 755 {} +
fakeroot dpkg-deb --build "$root" "$package" >/dev/null
echo "$package"
