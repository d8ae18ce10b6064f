#!/usr/bin/env bash
# build.sh CACHE [JOBS]: the libraries that Steward for Windows is linked with, built static from Debian's sources.
# They come into CACHE/KEY, where the key tells of the recipe, the versions and the compiler; CACHE/current leads there,
# and it is what this prints. What is there already is not built again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$(mkdir -p "$1" && cd "$1" && pwd)
jobs=${2:-$(nproc)}
work=$cache/work
patched=(openssl curl libxml2 sqlite3 fmtlib spdlog)  # as Debian has them
plain=(boost1.74 qrencode)                           # as their authors have them: few of their files are needed
sources=("${patched[@]}" "${plain[@]}")

say() { echo "windows-libraries: $*" >&2; }

# One builds, the others wait and find it done.
mkdir -p "$work"
exec 9>"$cache/lock"
flock 9

# An apt of our own, with the machine's mirror and nothing but the main suite of sources: the security suite's index
# has been seen to name source packages that its pool does not hold.
apt_own() { APT_CONFIG=$work/apt/conf "$@"; }
fetch_index() {
    local suite mirror
    suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
    mirror=$(apt-get indextargets --format '$(SITE)' "Codename: $suite" 'Created-By: Packages' | grep -v security | head -n 1)
    mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,parts}
    cat >"$work/apt/parts/main.sources" <<SOURCES
Types: deb-src
URIs: ${mirror:-http://deb.debian.org/debian}
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    cat >"$work/apt/conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$work/apt/parts";
Dir::State::lists "$work/apt/lists";
Dir::Cache "$work/apt/cache";
APT::Sandbox::User "root";
CONF
    apt_own apt-get -qq update && touch "$work/apt/fetched"
}
if [ -z "$(find "$work/apt/fetched" -mtime -1 2>/dev/null)" ]; then
    fetch_index || [ -e "$work/apt/fetched" ] || { say 'the index of sources could not be fetched'; exit 1; }
fi

version_of() { apt_own apt-cache showsrc --only-source "$1" 2>/dev/null | sed -n 's/^Version: //p' | sort -V | tail -n 1; }
versions=$(for source in "${sources[@]}"; do echo "$source $(version_of "$source")"; done)
key=$({
    echo "$versions"
    x86_64-w64-mingw32-gcc-posix --version | head -n 1
    dpkg-query -W -f '${Package} ${Version}\n' mingw-w64-x86-64-dev libboost1.74-dev libz-mingw-w64-dev googletest nlohmann-json3-dev
    cat "$here"/* "$here/../mingw-w64-x86_64.cmake"
} | sha256sum | cut -c 1-16)
prefix=$cache/$key

if [ ! -e "$prefix/complete" ]; then
    say "building $prefix from: $(tr '\n' ',' <<<"$versions")"
    rm -rf "$prefix" "$work/build" "$work/src"
    mkdir -p "$prefix"/{include,lib} "$work/build" "$work/src"
    cd "$work/src"
    apt_own apt-get -qq source --download-only "${patched[@]}"
    apt_own apt-get -qq source --download-only --tar-only "${plain[@]}"
    for source in "${patched[@]}"; do
        dpkg-source --no-check -x "$source"_*.dsc "$source" >/dev/null  # apt has checked what it fetched
    done
    mkdir boost qrencode
    tar -C boost --strip-components=1 --wildcards -xf boost1.74_*.orig.tar.xz '*/libs/program_options/src'
    tar -C qrencode --strip-components=1 -xf qrencode_*.orig.tar.*
    make -s -C "$work/build" -f "$here/libraries.mk" -j"$jobs" SOURCES="$work/src" PREFIX="$prefix" RECIPE="$here" all >&2
    cd "$cache"
    rm -rf "$work/build" "$work/src"
    touch "$prefix/complete"
    say "built $prefix"
fi
ln -sfn "$key" "$cache/current"
echo "$prefix"
