#!/usr/bin/env bash
# spec.sh TREE: both ways of the spec file can be read, and it packs what the Debian package does. Exit 77: no rpm here.
set -euo pipefail
cd "$1"
command -v rpmspec >/dev/null || { echo 'SKIPPED: rpm is not installed'; exit 77; }
spec=installer/rpm/steward.spec
macros=()
[ "$(rpm --eval '%{?systemd_post:known}')" = known ] || macros=(--load "$PWD/installer/rpm/macros")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
check() { # check WHAT COMMAND...
    local what=$1
    shift
    "$@" >/dev/null 2>&1 || { echo "not so: $what"; failures=$((failures + 1)); }
}

rpmspec -P "${macros[@]}" "$spec" >"$work/source"
rpmspec -P "${macros[@]}" --with prebuilt --define 'steward_build nowhere' "$spec" >"$work/prebuilt"
for way in source prebuilt; do
    check "every macro of the $way way is known" bash -c "! grep -nE '^ *%(systemd|\{)' '$work/$way'"
done
check 'from source it is built by the preset' grep -q '^cmake --preset release ' "$work/source"
check 'from source it names what it is built with' grep -q '^BuildRequires:.*pkgconfig(libxml-2.0)' "$work/source"
check 'prebuilt it builds nothing' bash -c "! grep -E '^(cmake |BuildRequires)' '$work/prebuilt'"
check 'prebuilt it packs the programs of that build' grep -q '^install .* nowhere/agent/app/steward ' "$work/prebuilt"

version=$(sed -n 's/^project(steward VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
check "CMake, spec and changelog agree on version $version" bash -c "
    grep -qx 'Version: *$version' $spec && head -n 1 installer/debian/changelog | grep -qF '($version)'"

for unit in installer/systemd/*; do
    name=${unit##*/}
    check "the rpm has $name" grep -qxF "%{_unitdir}/$name" $spec
    check "scriptlets of the rpm know $name" grep -q "^%systemd_preun .*\b$name\b" <(sed "s/%{units}/$(rpm "${macros[@]}" --eval \
        "$(sed -n 's/^%global units //p' $spec)")/" $spec)
    check "the Debian package has $name" grep -qE -- "--name=${name%.*}( |\$)" installer/debian/rules
    grep -q '^\[Install\]' "$unit" || continue
    check "the preset of the rpm has $name" grep -qx "enable $name" installer/rpm/80-steward.preset
done
exit $((failures > 0))
