#!/usr/bin/env bash
# The rpm packages: what they say of themselves, then installed into a root of their own, upgraded and erased. The root is
# the lab's Debian, whose libraries the programs were built with; there is no systemd running in it.
# Usage: rpm.sh PACKAGES_DIRECTORY ROOT_TAR. Exit 77: this machine can't, and why.
set -euo pipefail
packages=$(cd "$1" && pwd) tar=$2
work=$(mktemp -d /dev/shm/steward-rpm-XXXXXX)
root=$work/root
cleanup() {
    set +e
    umount "$root/proc"
    umount "$root"
    rm -rf "$work"
} 2>/dev/null
trap cleanup EXIT
skip() { echo "SKIPPED: $*"; exit 77; }

source "$(dirname "${BASH_SOURCE[0]}")/../support/checks.sh"
one() { # one NAME: the package of that name
    local found=("$packages/$1"-[0-9]*.rpm)
    [ -f "${found[0]}" ] || { echo "no $1 in $packages"; exit 1; }
    echo "${found[0]}"
}
steward=$(one steward) server=$(one steward-testserver)
asked() { rpm -qp "$@" 2>/dev/null; }

cat >"$work/expected" <<'IN2'
/etc/steward
/etc/steward/enroll.d
/usr/bin/steward
/usr/lib/systemd/system-preset/80-steward.preset
/usr/lib/systemd/system/steward-courier.service
/usr/lib/systemd/system/steward-courier.socket
/usr/lib/systemd/system/steward-enroll.service
/usr/lib/systemd/system/steward-stale.service
/usr/lib/systemd/system/steward-wipe.service
/usr/lib/systemd/system/steward.service
/usr/share/bash-completion/completions/steward
/usr/share/doc/steward
/usr/share/doc/steward/README.md
/usr/share/fish/vendor_completions.d/steward.fish
/usr/share/licenses/steward
/usr/share/licenses/steward/LICENSE
/usr/share/man/man1/steward.1.gz
/usr/share/zsh/site-functions/_steward
/var/lib/steward
IN2
asked --list "$steward" | LC_ALL=C sort >"$work/listed"
check 'the package holds what is meant to be in it' diff "$work/expected" "$work/listed"
check 'no file in it is configuration' test -z "$(asked --configfiles "$steward")"
check 'libraries that are opened at the first call are required' bash -c "
    rpm -qp --requires '$steward' | grep -q '^libcurl.so.4' && rpm -qp --requires '$steward' | grep -q '^libcryptsetup.so.12'"
check 'the directory of waiting files is for root alone' grep -q '^drwx------ .* root *root .*/etc/steward/enroll.d$' <(asked -lv "$steward")
check 'every scriptlet is one that sh reads' bash -c "rpm -qp --scripts '$steward' | grep -v ' scriptlet (using /bin/sh):\$' | sh -n"

[ "$(id -u)" = 0 ] || skip 'only root can install into a root'
mkdir -p "$work"/{base,up,wk} "$root"
tar xpf "$tar" -C "$work/base" --numeric-owner
mount -t overlay overlay -o "lowerdir=$work/base,upperdir=$work/up,workdir=$work/wk" "$root" || skip 'no overlay file system'
mount -t proc proc "$root/proc"
inside() { chroot "$root" "$@"; }
# The database of packages begins with our own: what they require is looked for in the root itself.
into() { rpm --root "$root" --dbpath /var/lib/rpm --nodeps "$@"; }
files() { find "$root" -xdev \( -path "$root/proc" -o -path "$root/var/lib/rpm" \) -prune -o -printf '%P %M %l\n' | LC_ALL=C sort; }
sums() { (cd "$root" && find etc -type f -exec sha256sum {} + | LC_ALL=C sort -k 2); }

files >"$work/files.before"
sums >"$work/sums.before"
check 'it is installed' into -i "$steward" "$server"
check 'every library that it requires is one that programs of the root find' bash -c "
    rpm -qp --requires '$steward' '$server' 2>/dev/null | sed -n 's/^\(lib[^(]*\.so[^(]*\)(.*/\1/p' | sort -u >'$work/sonames'
    test -s '$work/sonames' && chroot '$root' ldconfig -p | awk '{print \$1}' | sort -u | comm -23 '$work/sonames' - | { ! grep .; }"
check 'it runs' inside steward version
for unit in steward.service steward-courier.socket steward-enroll.service steward-wipe.service; do
    check "$unit starts with the system" bash -c "[ \"\$(systemctl --root='$root' is-enabled $unit)\" = enabled ]"
done
node=./Device/Vendor/MSFT/Policy/Config/DeviceLock/MinDevicePasswordLength
check 'a setting is made' inside steward tree set $node 12
check 'in a file of the system' test -f "$root/etc/security/pwquality.conf.d/50-steward.conf"
printf 'allow = no\n' >"$root/etc/steward/wipe.conf"
check 'an upgrade leaves the setting' bash -c "
    $(declare -f into); root='$root' into -U --replacepkgs '$steward' && test -f '$root/etc/security/pwquality.conf.d/50-steward.conf'"
check 'it is erased' into -e steward steward-testserver
files >"$work/files.after"
sums >"$work/sums.after"
left() { comm -13 "$work/files.before" "$work/files.after" | cut -d ' ' -f 1; }
# On Fedora the directories in /usr/share belong to its package "filesystem".
left | grep -vE '^(etc/steward(/wipe.conf)?|var/lib/steward(/.*)?|usr/share/(fish(/vendor_completions.d)?|licenses|zsh/site-functions))$' >"$work/left" || true
check 'what is left is its state and what an administrator made, and nothing else' bash -c "! grep . '$work/left'"
check 'what an administrator made is as it was' grep -qx 'allow = no' "$root/etc/steward/wipe.conf"
check 'nothing of the system is missing' bash -c "! comm -23 '$work/files.before' '$work/files.after' | grep ."
check 'every file of the system is byte for byte what it was' bash -c "diff '$work/sums.before' <(grep -v ' etc/steward/' '$work/sums.after')"
check 'the records of what was done are among what is left' test -s "$root/var/lib/steward/steward.db"

conclude
