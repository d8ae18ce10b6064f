#!/usr/bin/env bash
# profiles.sh TREE: apparmor_parser accepts the profiles, and each is the one of a unit. Nothing is loaded into the kernel:
# what they mean to it is another question (docs/packages.md). Exit 77: no parser here.
set -euo pipefail
cd "$1"
PATH=$PATH:/usr/sbin:/sbin
command -v apparmor_parser >/dev/null || { echo 'SKIPPED: apparmor is not installed'; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
# The features are those that the profiles are written for, whatever this kernel has.
accepted() {
    apparmor_parser --skip-kernel-load --skip-cache --Werror --kernel-features /etc/apparmor.d/abi/3.0 "$@" >"$work/said" 2>&1
}

for file in installer/apparmor/*; do
    name=${file##*/}
    accepted "$file" || { cat "$work/said"; echo "not accepted: $file"; failures=$((failures + 1)); }
    [ "$(apparmor_parser --names "$file" 2>/dev/null)" = "$name" ] || { echo "$file is not the profile $name"; failures=$((failures + 1)); }
    grep -rqx "AppArmorProfile=-$name" installer/systemd || { echo "no unit has the profile $name"; failures=$((failures + 1)); }
    grep -qF -- "--profile-name=$name" installer/debian/rules || { echo "not packed: $file"; failures=$((failures + 1)); }
    # So that this test is worth something: a rule that is spoilt is found.
    sed 's/^  include <abstractions\/base>/  includes <abstractions\/base>/' "$file" >"$work/$name"
    ! accepted "$work/$name" || { echo "a spoilt $name is accepted"; failures=$((failures + 1)); }
done
while IFS=- read -r _ name; do
    [ -f "installer/apparmor/$name" ] || { echo "a unit has the profile $name, which is nowhere"; failures=$((failures + 1)); }
done < <(grep -rhx 'AppArmorProfile=-.*' installer/systemd)
exit $((failures > 0))
