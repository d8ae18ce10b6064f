#!/usr/bin/env bash
# build.sh STEWARD_EXE VERSION MSI: packs the program by wixl, and puts right what wixl has no word for.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exe=$(realpath "$1") version=$2 msi=$(realpath -m "$3")
work=$(mktemp -d "${TMPDIR:-/tmp}/steward-msi-XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$exe" "$work/steward.exe"
cp "$here/steward.wxs" "$work/"
(cd "$work" && wixl -a x64 -D Version="$version" -o steward.msi steward.wxs)
mkdir -p "$(dirname "$msi")"
cp "$work/steward.msi" "$msi"
msiinfo export "$msi" File | grep -q steward.exe || { echo "$msi does not hold the program"; exit 1; }
