#!/usr/bin/env bash
# The Debian tree in which devices of the lab live, as a tar kept outside the source tree and named by its packages.
# Usage: root.sh CACHE_DIRECTORY [MORE_PACKAGES]; prints the tar's path. About a minute when it has to be made.
set -euo pipefail
cache=$1
release=bookworm
packages=systemd,systemd-sysv,dbus,libpam-systemd,login,passwd,libpam-pwquality,cracklib-runtime,wamerican-small,pamtester,unattended-upgrades
packages+=,powermgmt-base,apt-utils,needrestart,network-manager,iproute2,ca-certificates,openssl,procps,less
packages+=,dconf-cli,libcurl4,libxml2,libsqlite3-0,libboost-program-options1.74.0,libspdlog1.10,libp11-kit0,libcryptsetup12,libqrencode4
packages+=,dnf,dnf-plugins-core,rpm
packages+=${2:+,$2}
name=lab-$release-$(sha256sum <<<"$packages" | cut -c 1-12).tar
if [ ! -s "$cache/$name" ]; then
    mkdir -p "$cache"
    TMPDIR=${LAB_TMP:-/dev/shm} mmdebstrap --quiet --variant=minbase --mode=root --include="$packages" \
        $release "$cache/new-$name" >&2
    mv "$cache/new-$name" "$cache/$name"
fi
echo "$cache/$name"
